import { startLongTimer } from './states/long-timer.ts';

/**
 * How much the clock may be ahead of the machine's for what a test signs by the machine's time where functions look at
 * theirs, as of Slack's: signatures are good for five minutes, and this keeps clear of it.
 */
const MOST_AHEAD_MS = 240_000;

type Timer = { dueAt: number; fire(): void };

export type MovableClock = ReturnType<typeof createMovableClock>;

/**
 * A clock that a test moves forward. Functions in their threads read it as the time of day, and a wait whose time
 * has then come ends at once: a tier's deadline of a minute passes when the test says so, however busy the
 * machine is. It runs on by itself too, as any clock.
 */
export function createMovableClock({ mostAheadMs = MOST_AHEAD_MS } = {}) {
  const aheadMs = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const ahead = new Float64Array(aheadMs);
  const timers = new Set<Timer>();
  const now = () => Date.now() + (ahead[0] ?? 0);

  return {
    /** Milliseconds that it is ahead of the machine's clock, as a float64: what threads are shown. */
    aheadMs,

    /** The time that it tells. */
    now: () => new Date(now()),

    /** Calls back after so many milliseconds of this clock. */
    startTimer(ms: number, callback: () => void): { cancel(): void } {
      const own: Timer = { dueAt: now() + ms, fire: callback };
      const timer = startLongTimer(ms, () => {
        timers.delete(own);
        callback();
      });
      const cancel = () => {
        timers.delete(own);
        timer.cancel();
      };
      own.fire = () => {
        cancel();
        callback();
      };
      timers.add(own);
      return { cancel };
    },

    /** Moves the clock forward, and ends the waits whose time has come, the earliest first. */
    pass(seconds: number): void {
      const moved = (ahead[0] ?? 0) + seconds * 1000;
      if (moved > mostAheadMs) throw new Error('a clock so far ahead signs what nobody believes');
      ahead[0] = moved;
      const due = [...timers].filter(({ dueAt }) => dueAt <= now()).sort((a, b) => a.dueAt - b.dueAt);
      for (const timer of due) timer.fire();
    },

    /** Tells the machine's time again. */
    reset(): void {
      ahead[0] = 0;
    },
  };
}
