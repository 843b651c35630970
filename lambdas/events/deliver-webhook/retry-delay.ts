/** Seconds. A blip is over in seconds; a pager that is down for an hour is still told, in order. */
const DELAYS = [5, 30, 120, 300, 900, 1800, 3600, 3600, 3600];

/** Tries of one delivery, before it is given up: some four hours. */
export const MOST_TRIES = DELAYS.length + 1;

/** Seconds until a delivery is tried again that was tried so often. */
export const retryDelayOf = (tries: number): number => DELAYS[tries - 1] ?? 3600;
