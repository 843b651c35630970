/** The longest delay a Node timer keeps; anything longer fires at once. 24.8 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

type LongTimer = { cancel(): void };
export type StartTimer = (ms: number, callback: () => void) => LongTimer;

/**
 * Calls back after `ms` milliseconds, however many: Node fires a timer of more than 24.8 days at once, and an
 * execution may live for 30. `Infinity` never calls back.
 */
export function startLongTimer(ms: number, callback: () => void): LongTimer {
  let timer: NodeJS.Timeout | undefined;
  let left = ms;
  const wait = (): void => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    left -= step;
    timer = setTimeout(() => (left > 0 ? wait() : callback()), step);
  };
  if (ms !== Number.POSITIVE_INFINITY) wait();
  return { cancel: () => clearTimeout(timer) };
}
