import { setTimeout as sleep } from 'node:timers/promises';

/** How often a writer that lost a race for a version, or a place, tries the one after. */
export const MOST_RACES = 50;
/** Milliseconds that it waits at most in between. */
const MOST_DELAY_MS = 100;

/** Waits a random moment, a longer one the more races were lost: so that the same writers no longer meet. */
export const afterLostRace = (race: number): Promise<void> =>
  sleep(Math.random() * Math.min(MOST_DELAY_MS, 4 * (race + 1)));
