import { reviewSchema } from '../shared/domain/review.ts';
import { changeBytes, grantBytes } from '../shared/domain/seal.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import { loadedSchema, type WorkflowState, workflowStateSchema } from '../shared/domain/workflow-state.ts';
import type { Rulebook } from './facts.ts';
import { validateDecision } from './validate-decision.ts';

/** A state that has got as far as a review. */
const reviewedStateSchema = workflowStateSchema.extend({ loaded: loadedSchema, review: reviewSchema });

/** Milliseconds a grant may wait to be claimed and minted: the claim's own wait, and room for retries. */
const SEAL_LASTS_MS = 30 * 60 * 1000;

type Ports = {
  rulebook(): Rulebook;
  sealKey: { mac(bytes: Uint8Array): Promise<string> };
  clock: () => Date;
};

/** Decides, and seals what it grants. A dry run is decided in the same way, and never sealed. */
export function makeValidateDecision({ rulebook, sealKey, clock }: Ports) {
  return async (event: unknown): Promise<Verdict> => {
    const state = reviewedStateSchema.parse(event);
    const { request, loaded, review, evidence } = state;
    const asked = askedOf(state);
    const now = clock();
    const verdict = validateDecision(
      { request, loaded, review, ...(evidence && { evidence }), ...(asked && { asked }) },
      rulebook(),
      now,
    );
    if (request.dryRun) return verdict;
    const expiresAt = new Date(now.getTime() + SEAL_LASTS_MS).toISOString();
    if (verdict.outcome === 'grant') {
      const bytes = grantBytes(request, verdict.entitlement, loaded.policy.digest, expiresAt);
      return { ...verdict, seal: { mac: await sealKey.mac(bytes), expiresAt } };
    }
    if (verdict.outcome === 'apply' && request.change) {
      const bytes = changeBytes(request, request.change, loaded.policy.digest, expiresAt);
      return { ...verdict, seal: { mac: await sealKey.mac(bytes), expiresAt } };
    }
    return verdict;
  };
}

/** What people were asked in the last round, where there was one. */
function askedOf({ verdict }: WorkflowState) {
  return verdict?.outcome === 'needs_approval' ? verdict.approval : undefined;
}
