import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoKeys } from '../../../sandbox/seed/demo-keys.ts';
import { writePrivateFile } from '../../../sandbox/seed/write-private-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-seed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a private file', () => {
  test('is for this user alone, in a folder for this user alone', () => {
    const path = join(folder, 'new', 'access.json');
    writePrivateFile(path, 'text');
    expect([modeOf(path), modeOf(join(folder, 'new'))]).toEqual(['600', '700']);
    expect(readFileSync(path, 'utf8')).toBe('text');
  });
  test('also where one lay there that everybody could read; nothing is left beside it', () => {
    const path = join(folder, 'access.json');
    for (const open of [path, `${path}.new`]) {
      writeFileSync(open, 'old');
      chmodSync(open, 0o666);
    }
    writePrivateFile(path, 'new');
    expect([modeOf(path), readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([
      '600',
      'new',
      ['access.json'],
    ]);
  });
});

describe('the demo keys', () => {
  test('are the same over restarts, one for each principal, and no two alike', () => {
    const first = demoKeys(['admin', 'analyst1'], folder);
    expect(demoKeys(['admin', 'analyst1'], folder)).toEqual(first);
    expect(new Set(Object.values(first).flatMap((key) => Object.values(key))).size).toBe(4);
    expect(modeOf(join(folder, 'keys.json'))).toBe('600');
  });
  test('are kept where a principal is added', () => {
    const { admin } = demoKeys(['admin'], folder);
    const more = demoKeys(['admin', 'analyst1'], folder);
    expect(more.admin).toEqual(admin);
    expect(more.analyst1?.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  });
  test.each(['', '{', '[]', '{"admin":{"accessKeyId":"AKIA","secretAccessKey":"short"}}'])(
    'are made anew where their file is not one: %s',
    (text) => {
      writeFileSync(join(folder, 'keys.json'), text);
      expect(demoKeys(['admin'], folder).admin?.secretAccessKey).toMatch(/^[\w-]{40}$/);
    },
  );
  test('are in memory alone without a folder', () => {
    expect(demoKeys(['admin'], undefined)).not.toEqual(demoKeys(['admin'], undefined));
    expect(readdirSync(folder)).toEqual([]);
  });
});
