import { chmod, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHandleFiles } from '../../../clients/cli/stored/handle-files.ts';
import { type HandleStore, jobKeyOf, makeMemoryHandles } from '../../../clients/sdk/request-handles.ts';

const JOB = 'a'.repeat(64);
const handle = { idempotencyKey: '6f1f8c3e-6a52-4a0e-9f0a-1f2d3c4b5a69' };
const ID = 'employee1-01KAE000000000000000000000';

let folder: string;
let running: boolean;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'postern-')), 'requests');
  running = true;
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));
const files = () => makeHandleFiles(folder, () => running);

describe.each<[string, () => HandleStore]>([
  ['in files', () => files()],
  ['in memory', makeMemoryHandles],
])('handles %s', (_, make) => {
  it('are taken up once they are let go, with the id that was noted, by one alone', async () => {
    const store = make();
    const held = await store.hold(JOB, handle);
    await held.note(ID);
    expect(await store.takeUp(JOB)).toBeUndefined();
    await held.letGo();
    expect(await store.takeUp('b'.repeat(64))).toBeUndefined();
    const taken = await Promise.all([store.takeUp(JOB), store.takeUp(JOB), store.takeUp(JOB)]);
    expect(taken.flatMap((held) => (held ? [held.handle] : []))).toEqual([{ ...handle, requestId: ID }]);
  });

  it('are gone once they are forgotten', async () => {
    const store = make();
    const held = await store.hold(JOB, handle);
    await held.forget();
    await held.letGo();
    expect(await store.takeUp(JOB)).toBeUndefined();
  });

  it('are one for each that works on its own', async () => {
    const store = make();
    const [first, second] = [await store.hold(JOB, handle), await store.hold(JOB, handle)];
    await first.note(ID);
    await first.letGo();
    await second.letGo();
    const ids = [await store.takeUp(JOB), await store.takeUp(JOB)].map((held) => held?.handle.requestId);
    expect(ids.sort()).toEqual([ID, undefined].sort());
  });
});

describe('handles in files', () => {
  it('of a run that was killed are taken up', async () => {
    await (await files().hold(JOB, handle)).note(ID);
    running = false;
    expect((await files().takeUp(JOB))?.handle.requestId).toBe(ID);
  });

  it('are readable by their owner alone, and taken from nowhere else', async () => {
    await (await files().hold(JOB, handle)).letGo();
    const [file = ''] = await readdir(folder);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await chmod(folder, 0o755);
    await expect(files().takeUp(JOB)).rejects.toMatchObject({ name: 'CacheExposed' });
  });

  it('that hold something else are dropped', async () => {
    await (await files().hold(JOB, handle)).letGo();
    const [file = ''] = await readdir(folder);
    await writeFile(join(folder, file), '{"requestId":"x"}');
    expect(await files().takeUp(JOB)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('do not pile up: the old ones go', async () => {
    await (await files().hold(JOB, handle)).letGo();
    const [file = ''] = await readdir(folder);
    const longAgo = Date.now() / 1000 - 3 * 24 * 60 * 60;
    await utimes(join(folder, file), longAgo, longAgo);
    await files().hold('b'.repeat(64), handle);
    expect((await readdir(folder)).filter((name) => name.startsWith(JOB))).toEqual([]);
  });
});

describe('a job', () => {
  const job = { endpoint: 'https://broker.example', caller: 'AKIAX', reason: 'The report.' };
  const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

  it('is the same for another token of the same user', () => {
    const [first, second] = [1, 2].map((iat) => tokenOf({ iss: 'i', sub: 'auth0|5f', iat }));
    expect(jobKeyOf({ ...job, subjectToken: first })).toBe(jobKeyOf({ ...job, subjectToken: second }));
  });

  it.each([
    { reason: 'Another report.' },
    { durationSeconds: 900 },
    { caller: 'AKIAY' },
    { endpoint: 'https://other.example' },
    { subjectToken: tokenOf({ iss: 'i', sub: 'a' }) },
    { subjectToken: 'no token' },
  ])('is another with %j', (change) => {
    expect(jobKeyOf({ ...job, ...change })).not.toBe(jobKeyOf(job));
  });
});
