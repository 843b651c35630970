import { ClaimRefused, RequestClosed, SealRefused } from '../shared/domain/errors.ts';
import type { ClaimRecord, RequestRow } from '../shared/domain/request-row.ts';
import { grantBytes } from '../shared/domain/seal.ts';
import type { Entitlement, Seal } from '../shared/domain/verdict.ts';
import type { Loaded, WorkflowState } from '../shared/domain/workflow-state.ts';

/** A grant as the state holds it: not yet believed. `claimAhead` is the key it was claimed with when it was asked for. */
export type PresentedGrant = {
  entitlement: Entitlement;
  seal: Seal;
  loaded: Loaded;
  claimAhead: string | undefined;
};

/** A row, and the claim that its session is minted for. */
export type ClaimedRow = RequestRow & { readonly claim: ClaimRecord };

/** The grant the state presents. Throws SealRefused where there is none, or one without a seal. */
export function presentedGrant(state: WorkflowState): PresentedGrant {
  const { verdict, loaded } = state;
  if (verdict?.outcome !== 'grant' || !verdict.seal || !loaded) throw new SealRefused('no sealed grant');
  const { entitlement, seal, claimAhead } = verdict;
  return { entitlement, seal, loaded, claimAhead };
}

/** The bytes the seal must cover, rebuilt from what is about to be minted. */
export function bytesOfGrant(
  { request }: WorkflowState,
  { entitlement, seal, loaded, claimAhead }: PresentedGrant,
): Uint8Array {
  return grantBytes(request, entitlement, loaded.policy.digest, seal.expiresAt, claimAhead);
}

/**
 * Checks the row: it is open for exactly this claim, one that came after the grant or, where the seal says so, one that
 * came with the request. What the row's requester wrote is believed; what woke the workflow is not, because whoever can
 * read a task token can complete a wait.
 */
export function checkRow(
  row: RequestRow | undefined,
  { principalId }: { principalId: string },
  thumbprint: string,
  claimAhead: string | undefined,
): ClaimedRow {
  const isOpen = row?.status === 'READY' || (claimAhead !== undefined && row?.status === 'PENDING');
  if (!row || !isOpen || row.dryRun) throw new RequestClosed('the request is not waiting for a claim');
  if (row.principalId !== principalId) throw new ClaimRefused("the request is another principal's");
  const claim = claimAhead === undefined ? row.claim : row.claimAhead;
  if (claim?.thumbprint !== thumbprint) throw new ClaimRefused('nobody claimed with this key');
  if (claimAhead !== undefined && claimAhead !== thumbprint)
    throw new ClaimRefused('the grant was made for another key');
  if (row.gateway && row.gateway.keyThumbprint !== thumbprint)
    throw new ClaimRefused('a gateway asked for it, and this key is not the gateway’s');
  return { ...row, claim };
}
