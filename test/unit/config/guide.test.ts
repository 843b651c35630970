import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';

const GUIDE = readFileSync('docs/first-resource.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'postern-guide-'));
cpSync('config', folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

/** The guide's blocks, in their order: what is put into a file, what is typed, what is printed. */
const blocks = [...GUIDE.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', file, text = '']) => ({ language, file, text }),
);

/** Puts an entry at the end of the catalog, in place of one of its key. */
function list(text: string): void {
  const file = join(folder, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8')) as { resources: { key: string }[] };
  const entry = JSON.parse(text) as { key: string };
  const resources = [...catalog.resources.filter(({ key }) => key !== entry.key), entry];
  writeFileSync(file, JSON.stringify({ ...catalog, resources }, undefined, 2));
}

/** Runs `npm run guardrails -- …` as its script does, whatever it ends with. */
async function run(line: string): Promise<string> {
  const [, words = ''] = /^npm run guardrails -- (.*)$/.exec(line) ?? [];
  expect(words).not.toBe('');
  const ended = promisify(execFile)(
    process.execPath,
    [resolve('scripts/guardrails.ts'), ...words.split(' ')],
    {
      env: { PATH: process.env.PATH, POSTERN_CONFIG_DIR: folder },
    },
  );
  const { stdout } = await ended.catch((error: { stdout: string }) => error);
  return stdout;
}

test('docs/first-resource.md, step by step', async () => {
  let printed = '';
  let compared = 0;
  for (const { language, file, text } of blocks) {
    if (file === 'catalog.json') list(text);
    else if (file === 'guardrails.cedar')
      writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')}\n${text}`);
    else if (language === 'sh') printed = await run(text.trim());
    else {
      for (const line of text.trimEnd().split('\n')) expect(printed).toContain(line);
      compared += 1;
    }
  }
  expect(compared).toBe(4);
}, 60_000);

test('its entry opens what it says', () => {
  const entry = blocks.findLast(({ file }) => file === 'catalog.json');
  const resource = catalogResourceSchema.parse(JSON.parse(entry?.text ?? ''));
  const policy = buildSessionPolicy([{ resource, actions: ['dynamodb:GetItem'] }]);
  expect(JSON.parse(policy).Statement).toHaveLength(1);
});
