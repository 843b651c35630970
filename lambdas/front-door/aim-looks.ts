/** What is waited for: that a request is decided, or that the session that was claimed with it is there. */
type Kind = 'decision' | 'session';

export type Aim = {
  /** Milliseconds after which the first look may find what is waited for. */
  firstLookMs(kind: Kind): number;
  /** Tells after how many milliseconds what was waited for was there, whenever it was found. */
  learn(kind: Kind, ms: number): void;
};

/** Milliseconds; looked at so soon while nothing is known, and never sooner. */
const SOONEST_MS = 25;
/** Milliseconds; no first look is later, however long others took. */
const LATEST_MS = 5_000;
/** Waits that are remembered. */
const REMEMBERED = 20;
/** Fewer say nothing: the first is often the slowest, as all that it needs is started for it. */
const FEWEST = 4;
/** A quarter of the waits are shorter than what is aimed at, and a tenth of that is taken off: late looks are waiting. */
const SHARE = 0.25;
const EARLIER = 0.9;

/**
 * Aims the first look at a row at when others like it were ready lately, so that most of the looks that would find nothing
 * are not made. Remembers the waits of this process alone.
 */
export function makeAim(): Aim {
  const waits = new Map<Kind, number[]>();
  return {
    firstLookMs(kind) {
      const sorted = (waits.get(kind) ?? []).toSorted((shorter, longer) => shorter - longer);
      if (sorted.length < FEWEST) return SOONEST_MS;
      const quarter = sorted[Math.floor(sorted.length * SHARE)] ?? 0;
      return Math.min(Math.max(Math.round(quarter * EARLIER), SOONEST_MS), LATEST_MS);
    },
    learn(kind, ms) {
      waits.set(kind, [...(waits.get(kind) ?? []), ms].slice(-REMEMBERED));
    },
  };
}
