import { randomUUID } from 'node:crypto';
import type { Sealer } from '../shared/adapters/sessions/sealed-credentials.ts';
import { checkSeal, type SealPorts } from '../shared/domain/check-seal.ts';
import { ClaimRefused } from '../shared/domain/errors.ts';
import {
  claimSchema,
  type Minted,
  mintedSchema,
  type RecipientKey,
  type SealedTask,
} from '../shared/domain/workflow-state.ts';
import { type Attempt, type AttemptPorts, beginAttempt } from './attempt.ts';
import { bytesOfGrant, checkRow, presentedGrant } from './check-grant.ts';
import { checkStanding, type StandingPorts } from './check-standing.ts';
import { keepSession } from './keep-session.ts';
import { type MintPorts, mintSession } from './mint-session.ts';
import { type BrokeredRoles, proveWithinRole } from './prove-within-role.ts';
import { type IntentPorts, recordIntent } from './record-intent.ts';

type Ports = StandingPorts &
  SealPorts &
  AttemptPorts &
  IntentPorts &
  MintPorts & {
    /** The sealer encrypts the credentials to the claim's key: the only form in which they leave this function. */
    sealerFor(key: RecipientKey): Promise<Sealer>;
    brokeredRoles(): BrokeredRoles;
    /** Of a clock that only goes on. */
    milliseconds: () => number;
  };

/**
 * Mints the one session of a claimed grant, and leaves its credentials on the row, encrypted to the claim's
 * key. Answers what may be known of the session, never the credentials.
 *
 * The grant's seal is consumed by the mark of the attempt on the row. Run again after it succeeded it answers the
 * same session; run again after it may have succeeded it throws IssueInDoubt, because a request gets one session
 * or none.
 */
export function makeAssumeRole(ports: Ports) {
  return async ({ state, executionName }: SealedTask): Promise<Minted> => {
    const grant = presentedGrant(state);
    const { requestId, principalId } = state.request;
    const bytes = bytesOfGrant(state, grant);
    await checkSeal({ requestId, executionName, bytes, seal: grant.seal }, ports);
    const claim = claimSchema.safeParse(state.claim);
    if (!claim.success) throw new ClaimRefused('what completed the claim holds no key');
    const [sealer, found] = await Promise.all([
      sealerOf(claim.data.recipientKey, ports),
      ports.requests.get(requestId),
    ]);
    const row = checkRow(found, principalId, sealer.thumbprint);
    if (row.session) return mintedSchema.parse(row.session);
    await checkStanding(state, ports);
    const proof = proveWithinRole(grant.entitlement, ports.brokeredRoles(), ports.milliseconds);

    const attempt: Attempt = { row, entitlement: grant.entitlement, attemptId: randomUUID() };
    await beginAttempt(attempt, sealer.thumbprint, ports);
    const recorded = await recordIntent(attempt, proof, ports);
    const session = await mintSession(attempt, ports);
    return keepSession(attempt, { ...session, recorded }, sealer, ports);
  };
}

async function sealerOf(key: RecipientKey, { sealerFor }: Pick<Ports, 'sealerFor'>): Promise<Sealer> {
  try {
    return await sealerFor(key);
  } catch {
    throw new ClaimRefused('what completed the claim holds a key that nothing can be sealed to');
  }
}
