import { expect, test } from 'vitest';
import { makeAim } from '../../../lambdas/front-door/aim-looks.ts';
import { waitForDecision } from '../../../lambdas/front-door/wait-for-row.ts';
import { grantedState, rowOf } from '../../support/example-state.ts';

const BEGAN = Date.parse('2026-11-30T12:00:00Z');

/** Waits for a request that is decided so many milliseconds after it was made; the clock goes on while somebody sleeps. */
function waitingFor(aim = makeAim()) {
  return async (decidedAfterMs: number) => {
    let [nowMs, looks] = [BEGAN, 0];
    const made = rowOf(grantedState(), { status: 'PENDING', updatedAt: new Date(BEGAN).toISOString() });
    const decided = {
      ...made,
      status: 'DENIED' as const,
      updatedAt: new Date(BEGAN + decidedAfterMs).toISOString(),
    };
    const latest = await waitForDecision(
      made,
      20,
      new Date(BEGAN + 25_000),
      {
        aim,
        requests: {
          get: async () => {
            looks += 1;
            return nowMs >= BEGAN + decidedAfterMs ? decided : made;
          },
        },
        clock: () => new Date(nowMs),
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
      true,
    );
    return { status: latest.status, afterMs: nowMs - BEGAN, looks };
  };
}

test('a decision is found soon after it was written, with few looks once such waits are known', async () => {
  const wait = waitingFor();
  expect(await wait(100)).toEqual({ status: 'DENIED', afterMs: 101, looks: 3 });
  for (let nth = 0; nth < 4; nth += 1) await wait(100);
  expect(await wait(100)).toEqual({ status: 'DENIED', afterMs: 115, looks: 2 });
});

test('slow ones do not teach looks that are late for the fast ones after them', async () => {
  const wait = waitingFor();
  for (let nth = 0; nth < 20; nth += 1) await wait(2_500);
  expect((await wait(100)).afterMs).toBe(2_250);
  for (let nth = 0; nth < 5; nth += 1) await wait(100);
  expect(await wait(100)).toMatchObject({ afterMs: 115 });
});
