import { beforeEach, expect, it, vi } from 'vitest';
import { renewAhead } from '../../../clients/cli/session/renew-ahead.ts';
import type { Access } from '../../../clients/sdk/postern.ts';

const START = Date.parse('2026-11-20T22:00:00.000Z');
const MINUTE = 60_000;
let now: number;
let asked: number;
beforeEach(() => {
  now = START;
  asked = 0;
});
const session = (): Access =>
  ({ requestId: `r${++asked}`, expiration: new Date(now + 15 * MINUTE) }) as unknown as Access;

it('hands out the session that works, while the next is had', async () => {
  let give: (access: Access) => void = () => {};
  const ask = vi
    .fn<() => Promise<Access>>()
    .mockImplementationOnce(async () => session())
    .mockImplementationOnce(() => new Promise((resolve) => (give = resolve)));
  const provide = renewAhead(ask, () => now);
  expect((await provide()).requestId).toBe('r1');
  now += 11 * MINUTE;
  expect((await Promise.all([provide(), provide()])).map(({ requestId }) => requestId)).toEqual(['r1', 'r1']);
  expect(ask).toHaveBeenCalledTimes(2);
  give(session());
  await vi.waitFor(async () => expect((await provide()).requestId).toBe('r2'));
});

it('asks at most now and then after a denial, and tells it once no session is left', async () => {
  const ask = vi
    .fn<() => Promise<Access>>()
    .mockImplementationOnce(async () => session())
    .mockImplementation(() => Promise.reject(new Error('denied')));
  const provide = renewAhead(ask, () => now);
  await provide();
  now += 11 * MINUTE;
  for (let call = 0; call < 20; call++) expect((await provide()).requestId).toBe('r1');
  expect(ask).toHaveBeenCalledTimes(2);
  now += 4 * MINUTE;
  await expect(provide()).rejects.toThrow('denied');
  await expect(provide()).rejects.toThrow('denied');
  expect(ask).toHaveBeenCalledTimes(3);
});
