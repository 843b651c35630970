import { expect, test } from 'vitest';
import { makeAim } from '../../../lambdas/front-door/aim-looks.ts';

test('while nothing is known, a first look is soon', () => {
  expect(makeAim().firstLookMs('decision')).toBe(25);
});

test('what the very first ones took teaches nothing', () => {
  const aim = makeAim();
  for (const ms of [4_000, 300, 300]) aim.learn('decision', ms);
  expect(aim.firstLookMs('decision')).toBe(25);
});

test('then it is aimed a little before a quarter of the last ones were ready', () => {
  const aim = makeAim();
  for (const ms of [400, 200, 1000, 300]) aim.learn('decision', ms);
  expect([aim.firstLookMs('decision'), aim.firstLookMs('session')]).toEqual([270, 25]);
});

test('it is never so late that a fast one waits for long, and forgets slow times', () => {
  const aim = makeAim();
  for (let nth = 0; nth < 4; nth += 1) aim.learn('session', 60_000);
  expect(aim.firstLookMs('session')).toBe(5_000);
  for (let nth = 0; nth < 20; nth += 1) aim.learn('session', 100);
  expect(aim.firstLookMs('session')).toBe(90);
});
