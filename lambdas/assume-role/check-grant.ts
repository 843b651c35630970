import { ClaimRefused, RequestClosed, SealRefused } from '../shared/domain/errors.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { grantBytes } from '../shared/domain/seal.ts';
import type { Entitlement, Seal } from '../shared/domain/verdict.ts';
import type { Loaded, WorkflowState } from '../shared/domain/workflow-state.ts';

/** A grant as the state holds it: not yet believed. */
export type PresentedGrant = { entitlement: Entitlement; seal: Seal; loaded: Loaded };

/** The grant the state presents. Throws SealRefused where there is none, or one without a seal. */
export function presentedGrant(state: WorkflowState): PresentedGrant {
  const { verdict, loaded } = state;
  if (verdict?.outcome !== 'grant' || !verdict.seal || !loaded) throw new SealRefused('no sealed grant');
  return { entitlement: verdict.entitlement, seal: verdict.seal, loaded };
}

/** The bytes the seal must cover, rebuilt from what is about to be minted. */
export function bytesOfGrant(
  { request }: WorkflowState,
  { entitlement, seal, loaded }: PresentedGrant,
): Uint8Array {
  return grantBytes(request, entitlement, loaded.policy.digest, seal.expiresAt);
}

/**
 * Checks the row: it waits for exactly this claim. What the row's requester wrote is believed; what woke the
 * workflow is not, because whoever can read a task token can complete a wait.
 */
export function checkRow(row: RequestRow | undefined, principalId: string, thumbprint: string): RequestRow {
  if (row?.status !== 'READY' || row.dryRun)
    throw new RequestClosed('the request is not waiting for a claim');
  if (row.principalId !== principalId) throw new ClaimRefused("the request is another principal's");
  if (row.claim?.thumbprint !== thumbprint) throw new ClaimRefused('nobody claimed with this key');
  return row;
}
