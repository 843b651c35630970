import type { AuditRecord } from './audit-record.ts';

/** What the next record, and whoever looks for an event, needs to know of a record that stands in a chain. */
export type TakenPlace = Pick<AuditRecord, 'seq' | 'eventId' | 'hash' | 'at'>;

/** The events that are looked for in a chain, and how far back they can stand. */
export type Sought = {
  readonly eventIds: ReadonlySet<string>;
  /** When the first request among them was made, in milliseconds since 1970. */
  readonly requestedAt: number;
  /** The place up to which the chain was read before: nothing new can stand there. 0 for none. */
  readonly seenTo: number;
};

/** Milliseconds by which the clocks of two functions differ at most; on AWS they are a few. */
const MOST_SKEW_MS = 2_000;

/**
 * Whether an event that is sought may stand before the oldest of these places, newest first. A record's time is
 * taken after the record before it was read, so times do not go back along a chain; and no event of a request
 * is recorded before the request is made.
 */
export function mayStandBefore(places: readonly TakenPlace[], sought: Sought): boolean {
  const oldest = places.at(-1);
  if (!oldest || oldest.seq <= sought.seenTo + 1) return false;
  if (Date.parse(oldest.at) < sought.requestedAt - MOST_SKEW_MS) return false;
  const found = new Set(places.map(({ eventId }) => eventId));
  return [...sought.eventIds].some((eventId) => !found.has(eventId));
}
