import { OPEN_STATUSES } from '../shared/domain/access-request.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import {
  type RevokeAllOf,
  type RevokeOne,
  revocationInputSchema,
} from '../shared/domain/revocation/revocation.ts';
import { type Denied, denySessionsOf, type IssuedRow } from './deny-sessions.ts';
import { type RecordPorts, recordRevocation } from './record-revocation.ts';
import type { DenialPorts } from './rewrite-denials.ts';

type Ports = DenialPorts &
  RecordPorts & {
    requests: {
      get(requestId: string): Promise<RequestRow | undefined>;
      /** Every row whose session has not ended at this time, the next to end first. */
      live(now: Date): AsyncIterable<RequestRow>;
      /** Every row of a principal that is still open, oldest first. */
      openOf(principalId: string): AsyncIterable<RequestRow>;
    };
    executions: { stop(requestId: string, cause: string): Promise<void> };
    clock: () => Date;
  };

/** Milliseconds after the last session's end at which its denial goes: two clocks are never quite the same. */
const LIFT_AFTER_MS = 10_000;

/** What the workflow goes on with: the roles that denials are to be lifted from, and when. */
type Revoked =
  | { readonly revoked: false; readonly because: 'no_live_session' | 'would_end_every_session' }
  | {
      readonly revoked: true;
      readonly roleArns: string[];
      readonly liftAt: string;
      readonly sessions: number;
    };

/**
 * Ends sessions before their time: that of a request, or every one of a principal, whose open requests it closes
 * too. First the denial, then its record, then the row: so a row that says revoked is. Run twice, it does it once.
 */
export function makeRevokeSession(ports: Ports) {
  return async (event: unknown): Promise<Revoked> => {
    const input = revocationInputSchema.parse(event);
    return 'requestId' in input ? revokeOne(input, ports) : revokeAllOf(input, ports);
  };
}

const isIssued = (row: RequestRow | undefined): row is IssuedRow =>
  row?.status === 'ISSUED' && row.session !== undefined;

async function revokeOne({ requestId, everySession, ...why }: RevokeOne, ports: Ports): Promise<Revoked> {
  const row = await ports.requests.get(requestId);
  const now = ports.clock();
  if (!isIssued(row) || new Date(row.session.expiration) <= now)
    return { revoked: false, because: 'no_live_session' };
  return revoke([row], everySession, why, ports);
}

/** A suspension has to hold: where its sessions no longer fit one by one, every session of the role ends. */
async function revokeAllOf({ principalId, ...why }: RevokeAllOf, ports: Ports): Promise<Revoked> {
  // First what is open: what is closed can no longer become a session.
  const issuedMeanwhile: IssuedRow[] = [];
  for await (const { requestId } of ports.requests.openOf(principalId)) {
    const issued = await closeOpen(requestId, ports);
    if (issued) issuedMeanwhile.push(issued);
  }
  const listed = await issuedRows(ports, (row) => row.principalId === principalId);
  const rows = [...new Map([...issuedMeanwhile, ...listed].map((row) => [row.requestId, row])).values()];
  return rows.length === 0 ? { revoked: false, because: 'no_live_session' } : revoke(rows, true, why, ports);
}

/** Closes an open request; answers its row where it was issued first, which the index may not show yet. */
async function closeOpen(requestId: string, { requests, executions }: Ports): Promise<IssuedRow | undefined> {
  const closed = await requests.transition(requestId, {
    from: OPEN_STATUSES,
    set: { status: 'CANCELLED', closedBecause: 'principal_suspended' },
    remove: ['session'],
  });
  if (!closed) {
    const row = await requests.get(requestId);
    if (isIssued(row)) return row;
  }
  // Also where it was closed before: an earlier run may have died before it stopped the execution.
  await executions.stop(requestId, 'its principal was suspended');
  return undefined;
}

async function issuedRows({ requests, clock }: Ports, wanted: (row: IssuedRow) => boolean) {
  const rows: IssuedRow[] = [];
  for await (const row of requests.live(clock())) if (isIssued(row) && wanted(row)) rows.push(row);
  return rows;
}

async function revoke(
  rows: readonly IssuedRow[],
  everySession: boolean,
  why: { by: string; because?: string | undefined },
  ports: Ports,
): Promise<Revoked> {
  const now = ports.clock();
  const byRole = Map.groupBy(rows, ({ session }) => session.roleArn);
  const denied: Denied[] = [];
  const failures: unknown[] = [];
  for (const [roleArn, sessions] of byRole) {
    // An account that cannot be reached keeps no session of another alive.
    try {
      const done = await denySessionsOf(roleArn, sessions, everySession, now, ports);
      if (!done) return { revoked: false, because: 'would_end_every_session' };
      denied.push(done);
      const ended = done.scope === 'session' ? sessions : await allOf(roleArn, sessions, ports);
      for (const row of ended) await recordRevocation(row, { ...why, scope: done.scope }, ports);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  const ends = denied.map(({ until }) => Date.parse(until));
  const liftAt = new Date(Math.max(...ends) + LIFT_AFTER_MS).toISOString();
  return { revoked: true, roleArns: [...byRole.keys()], liftAt, sessions: rows.length };
}

/** The sessions asked for, and all others of the role: they have ended too. */
async function allOf(roleArn: string, rows: readonly IssuedRow[], ports: Ports): Promise<IssuedRow[]> {
  const known = new Set(rows.map(({ requestId }) => requestId));
  const others = await issuedRows(
    ports,
    (row) => row.session.roleArn === roleArn && !known.has(row.requestId),
  );
  return [...rows, ...others];
}
