import type { TakenPlace } from '../domain/look-back.ts';

/** Chains that one process remembers, and of each so many of its newest places: a megabyte a chain at most. */
const MOST_CHAINS = 20;
const MOST_PLACES = 2_000;

/**
 * What this process has read of chains. No record of a chain ever changes, so whoever looks for an event reads what
 * is new, and not everything since its request once more.
 */
export function makeChainMemory() {
  const chains = new Map<string, readonly TakenPlace[]>();
  return {
    /** Places as read now, newest first, with those remembered behind them where the two meet. */
    extend(chain: string, places: readonly TakenPlace[]): readonly TakenPlace[] {
      const known = chains.get(chain) ?? [];
      const [head] = known;
      const meet = places.findIndex(({ seq, hash }) => seq === head?.seq && hash === head.hash);
      const isLonger = meet >= 0 && meet + known.length > places.length;
      return isLonger ? [...places.slice(0, meet), ...known] : places;
    },

    keep(chain: string, places: readonly TakenPlace[]): void {
      chains.delete(chain);
      chains.set(chain, places.slice(0, MOST_PLACES));
      const [longestUnused = ''] = chains.keys();
      if (chains.size > MOST_CHAINS) chains.delete(longestUnused);
    },
  };
}
