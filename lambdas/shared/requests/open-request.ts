import type { AccessRequest, Change, Subject } from '../domain/access-request.ts';
import type { HeldCall } from '../domain/calls/held-call.ts';
import { asJson, digestOf } from '../domain/digest.ts';
import { subjectKeyOf } from '../domain/limits/usage.ts';
import { inOrder } from '../domain/outside/references.ts';
import { accessRequestOf, type ClaimRecord, type RequestRow } from '../domain/request-row.ts';
import type { Call } from '../http/operation.ts';
import { Problem } from '../http/problems.ts';
import type { Admit } from './admit.ts';

/** What is asked for, once verified. */
export type Wanted = {
  readonly reason: string;
  readonly dryRun: boolean;
  readonly durationSeconds?: number | undefined;
  readonly subject?: Subject | undefined;
  /** The job of its principal that it asks for by name. */
  readonly job?: string | undefined;
  /** Tickets and the like, in its own words. */
  readonly references?: readonly string[] | undefined;
  readonly change?: Change | undefined;
  /** One call that a gateway holds. */
  readonly call?: HeldCall | undefined;
  /** A workflow waits on it. */
  readonly hasCallback?: true | undefined;
  /** The gateway's session that it was asked for in. */
  readonly gateway?: RequestRow['gateway'];
  /** Where it was asked for in Slack, and by whom there. */
  readonly slackOrigin?: RequestRow['slackOrigin'];
  /** The key that its caller claims with, where the claim comes with the request. */
  readonly claimWith?: Pick<ClaimRecord, 'thumbprint' | 'recipientKey'> | undefined;
};

/** What a repeated `Idempotency-Key` finds: the request made for it first, and what was asked then. */
export type Remembered = { readonly requestId: string; readonly bodyDigest: string };

export type OpeningPorts = {
  readonly requests: {
    /** False where a row of that id exists already; it is left as it is. */
    create(row: RequestRow): Promise<boolean>;
    get(requestId: string): Promise<RequestRow | undefined>;
  };
  /** Holds new requests to their principal's limits. */
  readonly admit: Admit;
  readonly idempotency: {
    /** Keeps the first entry for a key, for a day, and answers whichever is kept. */
    remember(key: string, entry: Remembered): Promise<Remembered>;
  };
  readonly stateMachine: {
    /** Starts the execution named after the request. A repeat with the same input changes nothing. */
    start(request: AccessRequest): Promise<void>;
  };
  readonly clock: () => Date;
  /** A fresh ULID. */
  readonly newUlid: () => string;
};

/** A request's row is kept for 90 days; the audit log is what lasts. */
const KEEP_SECONDS = 90 * 24 * 60 * 60;

function rowOf(requestId: string, wanted: Wanted, principalId: string, now: Date): RequestRow {
  const { reason, dryRun, durationSeconds, subject, job, references, change, call } = wanted;
  const { hasCallback, slackOrigin, claimWith, gateway } = wanted;
  return {
    requestId,
    principalId,
    reason,
    dryRun,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(subject && { subject }),
    ...(job !== undefined && { job }),
    ...(references && { references: inOrder(references) }),
    ...(change && { change }),
    ...(call && { call }),
    ...(hasCallback && { hasCallback }),
    ...(gateway && { gateway }),
    ...(slackOrigin && { slackOrigin, shownIn: 'slack' }),
    ...(claimWith && { claimAhead: { ...claimWith, claimedAt: now.toISOString() } }),
    status: 'PENDING',
    open: 'open',
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    version: 1,
    ttl: Math.floor(now.getTime() / 1000) + KEEP_SECONDS,
  };
}

/** The id this call's request gets: a new one, or the one its idempotency key already stands for. */
async function requestIdOf(
  wanted: Wanted,
  { caller, idempotencyKey }: Pick<Call, 'caller' | 'idempotencyKey'>,
  ports: OpeningPorts,
) {
  const requestId = `${caller.id}-${ports.newUlid()}`;
  if (idempotencyKey === undefined) return requestId;
  // A change is the same change whatever its target's version is by now.
  const { baseVersion: _, ...change } = wanted.change ?? { baseVersion: 0 };
  // And the same request whatever key it is claimed with: clients make one for each try.
  const { claimWith: __, references, ...body } = wanted;
  const named = references && { references: inOrder(references) };
  const bodyDigest = digestOf(asJson({ ...body, ...named, change }));
  const remembered = await ports.idempotency.remember(digestOf({ principal: caller.id, idempotencyKey }), {
    requestId,
    bodyDigest,
  });
  if (remembered.bodyDigest !== bodyDigest) {
    throw new Problem('idempotency_conflict', 'Use a new Idempotency-Key for a new request.', {
      requestId: remembered.requestId,
    });
  }
  return remembered.requestId;
}

/**
 * Writes the request row, where the caller's limits let it in, then starts its execution. A crash between the
 * two leaves a PENDING row, which a repeat with the same idempotency key completes, and which the sweep closes
 * otherwise. A repeat is the same request, and is not counted again. `beforeStart` sees the row, of a repeat
 * too, before anything is decided on a new one.
 */
export async function openRequest(
  wanted: Wanted,
  call: Pick<Call, 'caller' | 'idempotencyKey'>,
  ports: OpeningPorts,
  beforeStart: (row: RequestRow) => Promise<void> = async () => {},
): Promise<RequestRow> {
  const requestId = await requestIdOf(wanted, call, ports);
  const made = call.idempotencyKey === undefined ? undefined : await ports.requests.get(requestId);
  if (!made) {
    const subject = wanted.subject && subjectKeyOf(wanted.subject);
    const opensSession = !wanted.dryRun && !wanted.change && !wanted.call;
    await ports.admit({ requestId, subject, opensSession }, call.caller);
  }
  const fresh = rowOf(requestId, wanted, call.caller.id, ports.clock());
  await beforeStart(fresh);
  const row = (await ports.requests.create(fresh)) ? fresh : await ports.requests.get(requestId);
  if (!row) throw new Error('a row that exists was not found');
  if (row.status === 'PENDING') await ports.stateMachine.start(accessRequestOf(row));
  return row;
}
