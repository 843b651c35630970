import { isOpen } from '../access-request.ts';
import type { RequestRow } from '../request-row.ts';
import type { Limits } from './limits-config.ts';
import { suspensionAt, type Usage, type UsageEntry } from './usage.ts';

/** A request that asks to be let in. */
export type NewRequest = {
  readonly requestId: string;
  /** Neither a change, a call nor a dry run. */
  readonly opensSession: boolean;
  /** Key of the subject it is made for. */
  readonly subject?: string | undefined;
};

/** A pending request beside its row; `undefined` where there is none (yet). */
export type Pending = {
  readonly entry: UsageEntry;
  readonly row:
    | Pick<RequestRow, 'status' | 'dryRun' | 'change' | 'call' | 'liveUntil' | 'revocation'>
    | undefined;
};

type LimitReached = 'suspended' | 'requests_per_hour' | 'open_requests' | 'live_sessions';

/** Whether a request is let in: with the usage as it then is, or why not and what to do. */
type Admission =
  | { readonly outcome: 'admitted'; readonly usage: Usage }
  | {
      readonly outcome: 'refused';
      readonly because: LimitReached;
      readonly detail: string;
      /** Seconds after which it is worth asking again, where that is known. */
      readonly retryAfterSeconds?: number;
    };

/** Milliseconds within which a request that was admitted has its row. */
const UNTIL_ROW_MS = 60_000;
const MINUTE_MS = 60_000;
const MINUTES_AN_HOUR = 60;

/** What a pending request still takes up; a request without a row counts while its row may be on its way. */
function takesUp({ entry, row }: Pending, now: Date): { open: boolean; session: boolean; ends?: Date } {
  if (!row) {
    const young = now.getTime() - new Date(entry.at).getTime() < UNTIL_ROW_MS;
    return { open: young, session: young };
  }
  if (isOpen(row.status)) return { open: true, session: !row.dryRun && !row.change && !row.call };
  const ends = row.status === 'ISSUED' && row.liveUntil && !row.revocation ? new Date(row.liveUntil) : now;
  return ends > now ? { open: false, session: true, ends } : { open: false, session: false };
}

const stillOpen = (entry: UsageEntry): Pending => ({ entry, row: { status: 'PENDING', dryRun: false } });

const secondsUntil = (then: Date, now: Date) =>
  Math.max(1, Math.ceil((then.getTime() - now.getTime()) / 1000));

/**
 * Whether rows of pending requests have to be read: where the requests let in since they were last read could
 * fill a limit. Before that nothing depends on them.
 */
export const dependsOnRows = ({ pending }: Usage, { openRequests, liveSessions }: Limits): boolean =>
  pending.length >= Math.min(openRequests, liveSessions);

/**
 * Whether one more request of a principal is within its limits. A request that was admitted before is admitted
 * again, and not counted twice. Without rows (`dependsOnRows`), each pending request is taken to be open still.
 * Pure: what it answers is to be written over the version it was given.
 */
export function admitRequest(
  request: NewRequest,
  usage: Usage,
  pending: readonly Pending[] | undefined,
  limits: Limits,
  now: Date,
): Admission {
  const { requestId, opensSession, subject } = request;
  if (usage.pending.some((entry) => entry.requestId === requestId)) return { outcome: 'admitted', usage };

  const suspension = suspensionAt(usage, now, subject);
  if (suspension) {
    const until = new Date(suspension.until);
    return {
      outcome: 'refused',
      because: 'suspended',
      detail: `Too many requests ${suspension === usage.suspension ? '' : 'for this customer '}were denied in a short time; ask again after ${suspension.until}, or talk to the approvers.`,
      retryAfterSeconds: secondsUntil(until, now),
    };
  }

  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const recent = Object.entries(usage.minutes).filter(
    ([bucket]) => Number(bucket) > minute - MINUTES_AN_HOUR,
  );
  const made = recent.reduce((sum, [, count]) => sum + count, 0);
  if (made >= limits.requestsPerHour) {
    const oldest = Math.min(...recent.map(([bucket]) => Number(bucket)));
    const frees = new Date((oldest + MINUTES_AN_HOUR) * MINUTE_MS);
    return {
      outcome: 'refused',
      because: 'requests_per_hour',
      detail: `${limits.requestsPerHour} requests an hour are allowed; ask again after ${frees.toISOString()}.`,
      retryAfterSeconds: secondsUntil(frees, now),
    };
  }

  const held = (pending ?? usage.pending.map(stillOpen))
    .map((open) => ({ entry: open.entry, ...takesUp(open, now) }))
    .filter(({ open, session }) => open || session);
  if (held.filter(({ open }) => open).length >= limits.openRequests) {
    return {
      outcome: 'refused',
      because: 'open_requests',
      detail: `${limits.openRequests} open requests are allowed; wait until one is decided and claimed, or cancel one.`,
    };
  }
  if (opensSession && held.filter(({ session }) => session).length >= limits.liveSessions) {
    const ends = held.flatMap((taking) => taking.ends ?? []).map((end) => end.getTime());
    return {
      outcome: 'refused',
      because: 'live_sessions',
      detail: `${limits.liveSessions} sessions are allowed at once, open requests counted; wait until one ends, or revoke one.`,
      ...(ends.length > 0 && { retryAfterSeconds: secondsUntil(new Date(Math.min(...ends)), now) }),
    };
  }
  // A suspension that got this far is over.
  const { suspension: _, ...lasting } = usage;
  return {
    outcome: 'admitted',
    usage: {
      ...lasting,
      minutes: { ...Object.fromEntries(recent), [minute]: (usage.minutes[minute] ?? 0) + 1 },
      pending: [...held.map(({ entry }) => entry), { requestId, at: now.toISOString() }],
    },
  };
}
