import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { UsedCall } from '../../lambdas/shared/domain/audit/used-call.ts';

/** A call that CloudTrail has and no record has. */
export type Unrecorded = {
  readonly call: UsedCall;
  /** `lost`: an intent of that session stands without an outcome, which this may be. */
  readonly why: 'unknown' | 'lost';
};

export type Reconciled = {
  /** Calls of CloudTrail's that were made with sessions of the gateway. */
  readonly calls: number;
  readonly recorded: number;
  readonly unrecorded: readonly Unrecorded[];
};

/**
 * Holds what was recorded against CloudTrail: calls that were made with a session that the gateway obtained, and that no
 * record has. A session is known by its request's id, which is its name; a call by the id that AWS answered with. Calls of
 * other sessions, which principals hold themselves, are left out.
 */
export async function reconcileCalls(
  records: readonly CallRecord[],
  calls: AsyncIterable<UsedCall> | Iterable<UsedCall>,
): Promise<Reconciled> {
  const answered = new Map<string, Set<string>>();
  const open = new Map<string, number>();
  for (const { event, facts } of records) {
    const { requestId, awsRequestId } = facts;
    if (requestId === undefined) continue;
    const known = answered.get(requestId) ?? new Set();
    answered.set(requestId, known);
    if (awsRequestId !== undefined) known.add(awsRequestId);
    if (event === 'intent') open.set(requestId, (open.get(requestId) ?? 0) + 1);
    if (event === 'outcome' && awsRequestId !== undefined)
      open.set(requestId, (open.get(requestId) ?? 0) - 1);
  }
  const seen = new Set<string>();
  const unrecorded: Unrecorded[] = [];
  let recorded = 0;
  let count = 0;
  for await (const call of calls) {
    const known = answered.get(call.sessionName);
    if (!known) continue;
    const id = call.awsRequestId;
    // CloudTrail may tell of one call more than once, and the sandbox does once for each action.
    const isAgain = id !== undefined && seen.has(id);
    if (id !== undefined) seen.add(id);
    if (isAgain) continue;
    count += 1;
    if (id !== undefined && known.has(id)) {
      recorded += 1;
      continue;
    }
    const left = open.get(call.sessionName) ?? 0;
    if (left > 0) open.set(call.sessionName, left - 1);
    unrecorded.push({ call, why: left > 0 ? 'lost' : 'unknown' });
  }
  return { calls: count, recorded, unrecorded };
}
