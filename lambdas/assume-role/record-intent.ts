import type { AuditEntry, AuditRecord, ChainEnd } from '../shared/domain/audit/audit-record.ts';
import { digestOf } from '../shared/domain/digest.ts';
import type { Proof } from '../shared/domain/proof/proof.ts';
import { sessionNameOf } from '../shared/domain/revocation/session-names.ts';
import { type Attempt, type AttemptPorts, releaseAttempt } from './attempt.ts';

export type IntentPorts = Pick<AttemptPorts, 'requests'> & {
  readonly audit: { appendAll(entries: readonly AuditEntry[]): Promise<readonly AuditRecord[]> };
};

/**
 * Records what is about to be minted, before STS is asked; answers the place of its last record. Where it cannot be
 * recorded, STS is not asked.
 */
export async function recordIntent(attempt: Attempt, proof: Proof, ports: IntentPorts): Promise<ChainEnd> {
  const { row, entitlement, attemptId } = attempt;
  const { requestId, principalId } = row;
  const { claimedAt, thumbprint } = row.claim ?? {};
  const common = { chain: principalId, requestId };
  try {
    const records = await ports.audit.appendAll([
      {
        ...common,
        event: 'claimed',
        ...(thumbprint && { occurrence: thumbprint }),
        facts: { claimedAt, thumbprint },
      },
      {
        ...common,
        event: 'issuing',
        occurrence: attemptId,
        facts: {
          entitlement,
          sessionName: sessionNameOf(requestId),
          sessionPolicyDigest: digestOf(entitlement.sessionPolicy),
          proof,
        },
      },
    ]);
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
