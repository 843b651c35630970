import type { RequestRow } from '../shared/domain/request-row.ts';
import type { Aim } from './aim-looks.ts';

export type WaitingPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Knows how long decisions took lately. */
  readonly aim: Aim;
};

type Waiting = Omit<WaitingPorts, 'aim'>;

/** Milliseconds. A wait overshoots by half a pause: with this growth, by a seventh of its length. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
const GROWTH = 1.3;
const longer = (ms: number): number => Math.min(Math.round(ms * GROWTH), LONGEST_PAUSE_MS);

/**
 * Reads the row again, first after `firstPauseMs` and then at growing intervals, for as long as it `goesOn` and until the
 * given time.
 */
export async function waitForRow(
  row: RequestRow,
  goesOn: (row: RequestRow) => boolean,
  until: Date,
  { requests, clock, sleep }: Waiting,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<RequestRow> {
  let latest = row;
  let pauseMs = firstPauseMs;
  let nextMs = firstPauseMs > FIRST_PAUSE_MS ? FIRST_PAUSE_MS : longer(FIRST_PAUSE_MS);
  while (goesOn(latest)) {
    const left = until.getTime() - clock().getTime();
    if (left <= 0) return latest;
    await sleep(Math.min(pauseMs, left));
    [pauseMs, nextMs] = [nextMs, longer(nextMs)];
    latest = (await requests.get(row.requestId)) ?? latest;
  }
  return latest;
}

const isPending = ({ status }: RequestRow): boolean => status === 'PENDING';
/** Being decided, or minted for the claim that came with it. */
const isUnderWay = (row: RequestRow): boolean =>
  isPending(row) || (row.status === 'READY' && row.claim !== undefined);

/**
 * Waits while nothing is decided, or, where a claim came with the request, until its session is there. One that waits for
 * people is answered as it is: they take minutes. Of a request just made the first look is aimed at when such a request was
 * decided lately; whoever comes back later looks at once.
 */
export async function waitForDecision(
  row: RequestRow,
  seconds: number,
  deadline: Date,
  ports: WaitingPorts,
  isJustMade = false,
): Promise<RequestRow> {
  const { aim, clock } = ports;
  const startedAt = clock().getTime();
  const until = new Date(Math.min(startedAt + seconds * 1000, deadline.getTime()));
  const kind = row.claimAhead ? 'session' : 'decision';
  const goesOn = row.claimAhead ? isUnderWay : isPending;
  const latest = await waitForRow(row, goesOn, until, ports, isJustMade ? aim.firstLookMs(kind) : undefined);
  if (isJustMade && !goesOn(latest) && latest !== row) {
    // When it was written, and not when it was found: a late look would teach looks as late.
    const writtenAt = Math.min(Date.parse(latest.updatedAt), clock().getTime());
    aim.learn(kind, Math.max(writtenAt - startedAt, 0));
  }
  return latest;
}
