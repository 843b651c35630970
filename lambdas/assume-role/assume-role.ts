import { randomUUID } from 'node:crypto';
import { checkSeal, type SealPorts } from '../shared/domain/check-seal.ts';
import { ClaimRefused } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import {
  claimSchema,
  type Minted,
  mintedSchema,
  type RecipientKey,
  type SealedTask,
  type WorkflowState,
} from '../shared/domain/workflow-state.ts';
import { type Attempt, type AttemptPorts, beginAttempt } from './attempt.ts';
import { bytesOfGrant, checkRow, type PresentedGrant, presentedGrant } from './check-grant.ts';
import { checkDelivery, checkStanding, readStanding, type StandingPorts } from './check-standing.ts';
import { keepSession, type Sealer } from './keep-session.ts';
import { type MintPorts, mintSession } from './mint-session.ts';
import { type BrokeredRoles, proveWithinRole } from './prove-within-role.ts';
import { type IntentPorts, intentOf, recordIntent } from './record-intent.ts';

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
    const attemptId = randomUUID();
    // Side by side: none changes anything, and nothing that is read is believed before the seal is.
    const [looked, found, standing] = await Promise.all([
      ports.audit.look({ chain: principalId, requestId, event: 'issuing', occurrence: attemptId }),
      ports.requests.get(requestId),
      readStanding(state, ports),
      checkSeal({ requestId, executionName, bytes, seal: grant.seal }, ports),
    ]);
    const sealer = await sealerOf(keyOfClaim(state, found, grant), ports);
    const row = checkRow(found, { principalId }, sealer.thumbprint, grant.claimAhead);
    if (row.session) return mintedSchema.parse(row.session);
    checkStanding(state, standing, ports);
    await checkDelivery(standing, sealer.thumbprint, ports);
    const proof = proveWithinRole(grant.entitlement, ports.brokeredRoles(), ports.milliseconds);

    const attempt: Attempt = {
      row,
      entitlement: grant.entitlement,
      attemptId,
      claimedAhead: grant.claimAhead !== undefined,
    };
    const intent = intentOf(attempt, state, proof);
    const begun = beginAttempt(attempt, ports);
    const recorded = await recordIntent(attempt, intent, { looked, begun }, ports);
    const session = await mintSession(attempt, ports);
    return keepSession(attempt, { ...session, recorded }, sealer, ports);
  };
}

/** The key to seal to: of the claim that was waited for, or of the one that came with the request. */
function keyOfClaim(
  state: WorkflowState,
  row: RequestRow | undefined,
  { claimAhead }: PresentedGrant,
): RecipientKey {
  if (claimAhead !== undefined) {
    if (!row?.claimAhead) throw new ClaimRefused('no claim came with the request');
    return row.claimAhead.recipientKey;
  }
  const claim = claimSchema.safeParse(state.claim);
  if (!claim.success) throw new ClaimRefused('what completed the claim holds no key');
  return claim.data.recipientKey;
}

async function sealerOf(key: RecipientKey, { sealerFor }: Pick<Ports, 'sealerFor'>): Promise<Sealer> {
  try {
    return await sealerFor(key);
  } catch {
    throw new ClaimRefused('what completed the claim holds a key that nothing can be sealed to');
  }
}
