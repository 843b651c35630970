import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheBuilt } from '../../../sandbox/built/cache-built.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'postern-built-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const writing = (text: string) => async (folder: string) => writeFileSync(join(folder, 'file'), text);
const readIn = (folder: string) => readFileSync(join(folder, 'file'), 'utf8');

test('what has the same digest is built once', async () => {
  const first = await cacheBuilt('a', writing('first'), cache);
  const again = await cacheBuilt('a', writing('again'), cache);
  const other = await cacheBuilt('b', writing('other'), cache);
  expect([readIn(first), readIn(again), readIn(other)]).toEqual(['first', 'first', 'other']);
  expect(readdirSync(cache).sort()).toEqual(['a', 'b']);
});

test('of a build that throws nothing is kept, and the next is asked anew', async () => {
  const breaking = async (folder: string) => {
    writeFileSync(join(folder, 'file'), 'half');
    throw new Error('does not build');
  };
  await expect(cacheBuilt('a', breaking, cache)).rejects.toThrow('does not build');
  expect(readdirSync(cache)).toEqual([]);
  expect(readIn(await cacheBuilt('a', writing('whole'), cache))).toBe('whole');
});

test('of two that build the same at once each gets a whole one', async () => {
  const both = Promise.withResolvers<void>();
  let begun = 0;
  const slowly = async (folder: string) => {
    begun += 1;
    if (begun === 2) both.resolve();
    await both.promise;
    writeFileSync(join(folder, 'file'), 'whole');
  };
  const folders = await Promise.all([cacheBuilt('a', slowly, cache), cacheBuilt('a', slowly, cache)]);
  expect(folders.map(readIn)).toEqual(['whole', 'whole']);
  expect(readdirSync(cache)).toEqual(['a']);
});

test('what nobody used for weeks makes room for the next build; what was used stays', async () => {
  const monthAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  for (const name of ['unused', 'used', '.partial-of-a-killed-process']) {
    mkdirSync(join(cache, name));
    utimesSync(join(cache, name), monthAgo, monthAgo);
  }
  await cacheBuilt('used', writing('not built'), cache);
  await cacheBuilt('new', writing('new'), cache);
  expect(readdirSync(cache).sort()).toEqual(['new', 'used']);
  expect(existsSync(join(cache, 'used', 'file'))).toBe(false);
  expect(statSync(join(cache, 'used')).mtimeMs).toBeGreaterThan(monthAgo.getTime());
});

test('where the cache cannot be written, it is built all the same', async () => {
  writeFileSync(join(cache, 'a-file'), '');
  const folder = await cacheBuilt('a', writing('whole'), join(cache, 'a-file'));
  expect(readIn(folder)).toBe('whole');
  expect(folder.startsWith(cache)).toBe(false);
  rmSync(folder, { recursive: true });
});
