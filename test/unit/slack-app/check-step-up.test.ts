import { beforeEach, expect, test } from 'vitest';
import { checkStepUp, totpOf } from '../../../lambdas/shared/votes/check-step-up.ts';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
let now: Date;
let kept: Map<string, { until: number; counted: number }>;

beforeEach(() => {
  now = new Date('2026-11-20T12:00:10.000Z');
  kept = new Map();
});

const live = (key: string) => {
  const found = kept.get(key);
  return found && found.until > now.getTime() ? found : undefined;
};
const once = {
  async first(key: string, seconds: number) {
    if (live(key)) return false;
    kept.set(key, { until: now.getTime() + seconds * 1000, counted: 1 });
    return true;
  },
  async count(key: string, seconds: number) {
    const found = live(key);
    if (!found) {
      kept.set(key, { until: now.getTime() + seconds * 1000, counted: 1 });
      return 1;
    }
    found.counted += 1;
    return found.counted;
  },
  async prolong(key: string, seconds: number) {
    const found = kept.get(key);
    if (found) found.until = now.getTime() + seconds * 1000;
  },
  async forget(key: string) {
    kept.delete(key);
  },
};
const check = (code: string, principalId = 'approver2') =>
  checkStepUp(principalId, code, {
    once,
    stepUpSecret: async (id) => (id.startsWith('approver2') ? SECRET : undefined),
    clock: () => now,
  });
const codeAt = (seconds: number) => totpOf(SECRET).generate({ timestamp: now.getTime() + seconds * 1000 });
const WRONG = '000000';

test.each([0, -30, 30])('a code of %i seconds from now counts', async (off) => {
  expect(await check(codeAt(off))).toEqual({ ok: true });
});

test.each([-60, 60])('a code of %i seconds from now does not', async (off) => {
  expect(await check(codeAt(off))).toMatchObject({ ok: false, because: 'wrong' });
});

test('a code counts once, also where two bring it at once', async () => {
  const code = codeAt(0);
  const answers = await Promise.all([check(code), check(code)]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await check(code)).toMatchObject({ ok: false, because: 'used' });
});

test('five wrong ones lock for ten minutes, the right one too', async () => {
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await check(WRONG)).toMatchObject({ ok: false, because: 'wrong' });
  }
  expect(await check(codeAt(0))).toMatchObject({ ok: false, because: 'locked' });
  now = new Date(now.getTime() + 599_000);
  expect(await check(codeAt(0))).toMatchObject({ ok: false, because: 'locked' });
  now = new Date(now.getTime() + 1_001);
  expect(await check(codeAt(0))).toEqual({ ok: true });
});

test('twenty wrong ones at once are no more than five tries', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => check(WRONG)));
  expect(answers.filter((answer) => !answer.ok && answer.because === 'wrong')).toHaveLength(5);
});

test('a right one forgets the wrong ones before', async () => {
  for (let tries = 0; tries < 4; tries += 1) await check(WRONG);
  expect(await check(codeAt(0))).toEqual({ ok: true });
  expect(await check(WRONG)).toMatchObject({ because: 'wrong' });
});

test.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('%j is wrong, and no error', async (code) => {
  expect(await check(code)).toMatchObject({ ok: false, because: 'wrong' });
});

test('who has no authenticator is told how to get one', async () => {
  expect(await check(codeAt(0), 'approver1')).toMatchObject({ ok: false, because: 'not_enrolled' });
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    'no authenticator',
    () => check(codeAt(0), 'approver1'),
    'You have no authenticator here yet. An administrator enrols you: npm run step-up.',
  ],
  [
    'a wrong code',
    () => check(WRONG),
    'This code is wrong. Enter the one that your authenticator shows now.',
  ],
  [
    'a used code',
    () => check(codeAt(0)).then(() => check(codeAt(0))),
    'This code was used already. Wait for the next one.',
  ],
  [
    'a locked approver',
    async () => {
      for (let tries = 0; tries < 5; tries += 1) await check(WRONG);
      return check(codeAt(0));
    },
    'Too many wrong codes: wait ten minutes, then try again.',
  ],
])('%s is told what to do', async (_, act, say) => expect(await act()).toMatchObject({ ok: false, say }));

test('a code that was used early is used in its own time, and at the end of it', async () => {
  const next = codeAt(30);
  expect(await check(next)).toEqual({ ok: true });
  for (const seconds of [30, 24]) {
    now = new Date(now.getTime() + seconds * 1000);
    expect(await check(next)).toMatchObject({ because: 'used' });
  }
});

test('a code that was used is used seconds later too', async () => {
  const code = codeAt(0);
  await check(code);
  now = new Date(now.getTime() + 7_000);
  expect(await check(code)).toMatchObject({ because: 'used' });
  expect(await check(codeAt(30))).toEqual({ ok: true });
});

test('codes and locks are each approver’s own', async () => {
  expect(await check(codeAt(0), 'approver2')).toEqual({ ok: true });
  expect(await check(codeAt(0), 'approver2b')).toEqual({ ok: true });
  for (let tries = 0; tries < 6; tries += 1) await check(WRONG, 'approver2');
  expect(await check(codeAt(30), 'approver2')).toMatchObject({ because: 'locked' });
  expect(await check(codeAt(30), 'approver2b')).toEqual({ ok: true });
});

test('the fifth wrong one locks for ten minutes from then on', async () => {
  for (let tries = 0; tries < 4; tries += 1) await check(WRONG);
  now = new Date(now.getTime() + 500_000);
  await check(WRONG);
  now = new Date(now.getTime() + 599_000);
  expect(await check(codeAt(0))).toMatchObject({ because: 'locked' });
  now = new Date(now.getTime() + 1_001);
  expect(await check(codeAt(0))).toEqual({ ok: true });
});

test('fewer wrong ones are forgotten ten minutes after the first', async () => {
  for (let tries = 0; tries < 3; tries += 1) await check(WRONG);
  now = new Date(now.getTime() + 500_000);
  await check(WRONG);
  now = new Date(now.getTime() + 100_001);
  await check(WRONG);
  expect(await check(codeAt(0))).toEqual({ ok: true });
});
