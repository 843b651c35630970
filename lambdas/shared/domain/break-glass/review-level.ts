const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Since the session was issued: when its review is first called for, and when more people are. */
const FIRST_MS = [HOUR_MS, 4 * HOUR_MS] as const;

/**
 * How loud a break-glass session that nobody has reviewed is by now: 0 for an hour, 1, then 2 after four hours, and one
 * more for each day. It goes on until somebody reviews it.
 */
export function reviewLevelOf(issuedAt: string, now: Date): number {
  const since = now.getTime() - Date.parse(issuedAt);
  return FIRST_MS.filter((after) => since >= after).length + Math.max(0, Math.floor(since / DAY_MS));
}
