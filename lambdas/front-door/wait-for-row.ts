import type { RequestRow } from '../shared/domain/request-row.ts';

export type WaitingPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

/** Milliseconds. A wait overshoots by half a pause: with this growth, by a seventh of its length. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
const GROWTH = 1.3;

/** Reads the row again, at growing intervals, for as long as it `goesOn` and until the given time. */
export async function waitForRow(
  row: RequestRow,
  goesOn: (row: RequestRow) => boolean,
  until: Date,
  { requests, clock, sleep }: WaitingPorts,
): Promise<RequestRow> {
  let latest = row;
  let pauseMs = FIRST_PAUSE_MS;
  while (goesOn(latest)) {
    const left = until.getTime() - clock().getTime();
    if (left <= 0) return latest;
    await sleep(Math.min(pauseMs, left));
    pauseMs = Math.min(Math.round(pauseMs * GROWTH), LONGEST_PAUSE_MS);
    latest = (await requests.get(row.requestId)) ?? latest;
  }
  return latest;
}

/** Waits while nothing is decided. One that waits for people is answered as it is: they take minutes. */
export function waitForDecision(
  row: RequestRow,
  seconds: number,
  deadline: Date,
  ports: WaitingPorts,
): Promise<RequestRow> {
  const until = new Date(Math.min(ports.clock().getTime() + seconds * 1000, deadline.getTime()));
  return waitForRow(row, ({ status }) => status === 'PENDING', until, ports);
}
