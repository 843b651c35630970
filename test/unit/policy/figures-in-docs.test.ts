import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IAM, withIamFigures } from '../../bench/iam-figures.ts';

test('docs/iam.md tells what the last run of the bench measured; npm run bench -- check writes it', () => {
  const text = readFileSync(IAM, 'utf8');
  expect(text).toBe(withIamFigures(text));
  for (const mark of ['compared', 'measured', 'audited'])
    expect(text).toMatch(new RegExp(`<!-- ${mark} -->\\n\\n\\|[^]*\\n\\n<!-- /${mark} -->`));
});
