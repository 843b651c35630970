import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CLI_DOCS, cliDocs } from '../../../scripts/cli-docs.ts';

test('docs/cli.md is what the commands say; npm run docs:cli writes it', () => {
  expect(readFileSync(CLI_DOCS, 'utf8') === cliDocs(), 'run: npm run docs:cli').toBe(true);
});
