import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundledNames } from '../../infra/all-functions.ts';

test('docs/security.md says of every function what its compromise gives', () => {
  const [, table = ''] = readFileSync('docs/security.md', 'utf8').split(
    '| function | if somebody else ran as it |',
  );
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  const named = rows.flatMap((row) => row.split('|')[1]?.split(',') ?? []).map((name) => name.trim());
  expect(named.sort()).toEqual([...bundledNames].sort());
});

test.each(readdirSync('docs/adr'))('the decision %s is headed as all are', (file) => {
  const text = readFileSync(`docs/adr/${file}`, 'utf8');
  expect(text).toMatch(
    new RegExp(`^# ${file.slice(0, 4)}\\. .+\n\n\\*\\*Decided\\*\\* \\d{4}-\\d\\d-\\d\\d\\.\n\n`),
  );
});
