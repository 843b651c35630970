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
    /** The chain's newest places, as far back as an event of this request may stand. */
    look(event: Omit<AuditEntry, 'facts'>): Promise<readonly TakenPlace[]>;
    /** Prepares the records at once, and places them when `ready` is fulfilled. */
    appendLooked(
      entries: Intent,
      looked: readonly TakenPlace[],
      ready: Promise<unknown>,
    ): Promise<readonly AuditRecord[]>;
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
 * Records the intent, before STS is asked and once the attempt is `begun`; answers the place of its last record. The
 * records are made while the attempt is being marked. Where they cannot be recorded, the attempt is given back, and STS is
 * not asked.
 */
export async function recordIntent(
  attempt: Attempt,
  intent: Intent,
  { looked, begun }: { looked: readonly TakenPlace[]; begun: Promise<void> },
  ports: IntentPorts,
): Promise<ChainEnd> {
  const appended = ports.audit.appendLooked(intent, looked, begun);
  // It is rejected with `begun` too, before anybody looks at it.
  appended.catch(() => {});
  await begun;
  try {
    const { seq, hash } = (await appended).at(-1) ?? neverRecorded();
    return { seq, hash };
  } catch (error) {
    await releaseAttempt(attempt, ports);
    throw error;
  }
}

function neverRecorded(): never {
  throw new Error('what was appended is not there');
}
