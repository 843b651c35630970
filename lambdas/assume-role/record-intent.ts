import { whenAgreed } from '../shared/domain/audit/audit-entries.ts';
import type { AuditEntry, AuditRecord, ChainEnd } from '../shared/domain/audit/audit-record.ts';
import type { TakenPlace } from '../shared/domain/audit/look-back.ts';
import { digestOf } from '../shared/domain/digest.ts';
import type { Proof } from '../shared/domain/proof/proof.ts';
import { sessionNameOf } from '../shared/domain/revocation/session-names.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';
import { type Attempt, type AttemptPorts, releaseAttempt } from './attempt.ts';

/** What is to be recorded before STS is asked. */
export type Intent = readonly [AuditEntry, ...AuditEntry[]];

export type IntentPorts = Pick<AttemptPorts, 'requests'> & {
  readonly audit: {
    look(entries: Intent): Promise<readonly TakenPlace[]>;
    appendLooked(entries: Intent, looked: readonly TakenPlace[]): Promise<readonly AuditRecord[]>;
  };
};

/** What is about to be minted; and where nothing waited for the claim, what was asked and decided too. */
export function intentOf(attempt: Attempt, state: WorkflowState, proof: Proof): Intent {
  const { row, entitlement, attemptId, claimedAhead } = attempt;
  const { requestId, principalId } = row;
  const { claimedAt, thumbprint } = row.claim;
  const common = { chain: principalId, requestId };
  const claimed: AuditEntry = {
    ...common,
    event: 'claimed',
    occurrence: thumbprint,
    facts: { claimedAt, thumbprint },
  };
  const issuing: AuditEntry = {
    ...common,
    event: 'issuing',
    occurrence: attemptId,
    facts: {
      entitlement,
      sessionName: sessionNameOf(requestId),
      sessionPolicyDigest: digestOf(entitlement.sessionPolicy),
      proof,
    },
  };
  const [first, ...more] = claimedAhead ? whenAgreed(state) : [];
  return first ? [first, ...more, claimed, issuing] : [claimed, issuing];
}

/**
 * Records the intent, before STS is asked; answers the place of its last record. Where it cannot be recorded, the attempt
 * is given back, and STS is not asked.
 */
export async function recordIntent(
  attempt: Attempt,
  intent: Intent,
  looked: readonly TakenPlace[],
  ports: IntentPorts,
): Promise<ChainEnd> {
  try {
    const records = await ports.audit.appendLooked(intent, looked);
    const { seq, hash } = records.at(-1) ?? neverRecorded();
    return { seq, hash };
  } catch (error) {
    await releaseAttempt(attempt, ports);
    throw error;
  }
}

function neverRecorded(): never {
  throw new Error('what was appended is not there');
}
