import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPeople } from '../../../infra/deploy/read-people.ts';

const ann = {
  principal: {
    id: 'ann',
    type: 'human',
    status: 'active',
    groups: ['admins'],
    awsPrincipals: ['arn:aws:iam::111122223333:role/ann'],
    persons: ['ann'],
  },
  policy: 'Ann looks after the broker.',
};

test.each<[string, unknown, RegExp | undefined]>([
  ['somebody who could call', [ann], undefined],
  ['nobody', [], /docs\/deploy\.md says how it reads/],
  ['no policy', [{ principal: ann.principal }], /0\.policy/],
  [
    'a role by its path, which no call would match',
    [{ ...ann, principal: { ...ann.principal, awsPrincipals: ['arn:aws:iam::111122223333:role/ops/ann'] } }],
    /role\/ops\/ann has a path, which calls do not show; leave it out: role\/<name>/,
  ],
])('a file of first people with %s', (_, people, problem) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-people-'));
  const file = join(folder, 'people.json');
  try {
    writeFileSync(file, JSON.stringify(people));
    if (problem) expect(() => readPeople(file)).toThrow(problem);
    else expect(readPeople(file)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
