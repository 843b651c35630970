import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestFiles, SOURCES } from '../../../sandbox/built/digest-sources.ts';
import { MADE_OF } from '../../../sandbox/functions/bundle-functions-of.ts';
import { bundles } from '../../support/template.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-sources-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a file that is added, edited, renamed or taken away changes the digest, and nothing else does', () => {
  const digests = [digestFiles([folder])];
  const look = (change: () => void) => {
    change();
    digests.push(digestFiles([folder]));
  };
  mkdirSync(join(folder, 'inner'));
  look(() => writeFileSync(join(folder, 'inner', 'a.ts'), 'a'));
  look(() => writeFileSync(join(folder, 'inner', 'a.ts'), 'b'));
  look(() => writeFileSync(join(folder, 'c.ts'), ''));
  look(() => renameSync(join(folder, 'c.ts'), join(folder, 'd.ts')));
  expect(new Set(digests).size).toBe(digests.length);
  look(() => rmSync(join(folder, 'd.ts')));
  expect(digests.at(-1)).toBe(digests[2]);
  expect(digestFiles([folder])).toBe(digests.at(-1));
  expect(digestFiles([join(folder, 'inner', 'a.ts')])).not.toBe(digestFiles([join(folder, 'absent')]));
});

test('what a link leads to counts, as where a configuration is mounted', () => {
  const [elsewhere, linked] = [join(folder, 'elsewhere'), join(folder, 'linked')];
  for (const made of [elsewhere, linked]) mkdirSync(made);
  writeFileSync(join(elsewhere, 'limits.json'), '1');
  symlinkSync(join(elsewhere, 'limits.json'), join(linked, 'limits.json'));
  const before = digestFiles([linked]);
  writeFileSync(join(elsewhere, 'limits.json'), '2');
  expect(digestFiles([linked])).not.toBe(before);
});

test('all that a bundle is made of is a source, or an installed package', () => {
  const files: string[] = JSON.parse(readFileSync(join(bundles(), MADE_OF), 'utf8'));
  expect(files.length).toBeGreaterThan(300);
  // What leave-out.ts puts in place of a package's part has no file.
  const covered = (file: string) =>
    /^(node_modules\/|left-out:)/.test(file) ||
    SOURCES.some((source) => file === source || file.startsWith(`${source}/`));
  expect(files.filter((file) => !covered(file))).toEqual([]);
});
