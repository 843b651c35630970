import type { CollectedCalls } from '../../account/collected-account.ts';
import { refused } from '../refuse.ts';
import { callOf, type TrailCall } from './trail-event.ts';

/** Of one principal and action, resources that are told apart; calls on others are counted without. */
const MOST_RESOURCES = 1_000;
/** Kinds of calls that are held at all. */
const MOST_KINDS = 500_000;

export type SeenCalls = CollectedCalls['seen'][number];

/** What is told of many events: how often each kind of call was made, and when first and last. */
export function gatherCalls(account: string) {
  const seen = new Map<string, Mutable>();
  const resourcesOf = new Map<string, number>();
  const counts = { events: 0, ofOthers: 0, unread: 0 };
  const dataEvents = new Set<string>();
  let [from, until] = ['', ''];

  function addCall(
    { principal, source, name, resources, region, error, ...more }: TrailCall,
    count = 1,
  ): void {
    const kind = [principal, source, name, error].join('\n');
    let named = resources;
    let key = [kind, region, ...named].join('\n');
    if (!seen.has(key)) {
      const soFar = resourcesOf.get(kind) ?? 0;
      if (named.length > 0 && soFar >= MOST_RESOURCES) {
        named = [];
        key = [kind, region].join('\n');
      }
      resourcesOf.set(kind, soFar + 1);
    }
    if (more.isDataEvent) dataEvents.add(source);
    const { calledAt } = more;
    if (from === '' || calledAt < from) from = calledAt;
    if (calledAt > until) until = calledAt;
    const found = seen.get(key);
    if (found) {
      found.count += count;
      if (calledAt < found.first) found.first = calledAt;
      if (calledAt > found.last) found.last = calledAt;
      return;
    }
    if (seen.size >= MOST_KINDS)
      throw refused(`The trail tells of more than ${MOST_KINDS} kinds of calls: ask for fewer --days.`);
    seen.set(key, {
      ...{ principal, source, name, region, error, count, first: calledAt, last: calledAt },
      resources: [...named],
    });
  }

  return {
    /** Events of other accounts and of services are counted, and no more. */
    addEvent(event: unknown): void {
      counts.events += 1;
      const call = callOf(event, account);
      if (call === 'other') counts.ofOthers += 1;
      else if (call === undefined) counts.unread += 1;
      else addCall(call);
    },
    /** What was gathered before. */
    add(part: CollectedCalls): void {
      counts.events += part.events;
      counts.ofOthers += part.ofOthers;
      counts.unread += part.unread;
      for (const source of part.dataEventsOf) dataEvents.add(source);
      for (const { first, last, count, ...entry } of part.seen) {
        addCall({ ...entry, calledAt: first, isDataEvent: false }, count);
        addCall({ ...entry, calledAt: last, isDataEvent: false }, 0);
      }
    },
    addCall(call: TrailCall, count: number): void {
      counts.events += count;
      addCall(call, count);
    },
    gathered: (): CollectedCalls => ({
      ...counts,
      ...(from !== '' && { from, until }),
      dataEventsOf: [...dataEvents].sort(),
      seen: [...seen.values()],
    }),
  };
}

type Mutable = { -readonly [Field in keyof SeenCalls]: SeenCalls[Field] };
