import type { z } from 'zod';
import { CLAIM_WAIT_SECONDS } from '../shared/adapters/workflows/claim-wait.ts';
import { reviewSchema } from '../shared/domain/review.ts';
import { callBytes, changeBytes, grantBytes } from '../shared/domain/seal.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import { loadedSchema, type WorkflowState, workflowStateSchema } from '../shared/domain/workflow-state.ts';
import { claimAheadOf } from './claim-ahead.ts';
import type { Rulebook } from './decision-case.ts';
import { proveVerdict } from './prove-verdict.ts';
import { validateDecision } from './validate-decision.ts';

/** A state that has got as far as a review. */
export const reviewedStateSchema = workflowStateSchema.extend({ loaded: loadedSchema, review: reviewSchema });
type ReviewedState = z.infer<typeof reviewedStateSchema>;

/** A seal lasts as long as its grant may wait to be claimed, and as long again for the steps around and their retries. */
const SEAL_LASTS_MS = 2 * CLAIM_WAIT_SECONDS * 1000;

/** Within which an approved call may be made. */
const CALL_LASTS_MS = 15 * 60 * 1000;

type Ports = {
  rulebook(): Rulebook;
  sealKey: { mac(bytes: Uint8Array): Promise<string> };
  clock: () => Date;
  /** Of a clock that only goes on. */
  milliseconds: () => number;
};

/** Decides, proves what it would open, and seals what it grants. A dry run is decided in the same way, and never sealed. */
export function makeValidateDecision({ rulebook, sealKey, clock, milliseconds }: Ports) {
  return async (state: ReviewedState): Promise<Verdict> => {
    const { request, loaded, review, evidence } = state;
    const asked = askedOf(state);
    const pinned = asked && state.verdict?.pins;
    const now = clock();
    const rules = rulebook();
    const decided = {
      request,
      loaded,
      review,
      ...(evidence && { evidence }),
      ...(asked && { asked }),
      ...(pinned && { pinned }),
    };
    const verdict = proveVerdict(validateDecision(decided, rules, now), decided, rules, milliseconds);
    if (request.dryRun) return verdict;
    const expiresAt = new Date(now.getTime() + SEAL_LASTS_MS).toISOString();
    if (verdict.outcome === 'grant') {
      const claimAhead = claimAheadOf(verdict, state, now);
      const bytes = grantBytes(request, verdict.entitlement, loaded.policy.digest, expiresAt, claimAhead);
      return {
        ...verdict,
        ...(claimAhead && { claimAhead }),
        seal: { mac: await sealKey.mac(bytes), expiresAt },
      };
    }
    if (verdict.outcome === 'apply' && request.change) {
      const bytes = changeBytes(request, request.change, loaded.policy.digest, expiresAt);
      return { ...verdict, seal: { mac: await sealKey.mac(bytes), expiresAt } };
    }
    if (verdict.outcome === 'allow' && request.call) {
      const usableUntil = new Date(now.getTime() + CALL_LASTS_MS).toISOString();
      const bytes = callBytes(request, request.call, usableUntil);
      return { ...verdict, seal: { mac: await sealKey.mac(bytes), expiresAt: usableUntil } };
    }
    return verdict;
  };
}

/** What people were asked in the last round, where there was one. */
function askedOf({ verdict }: WorkflowState) {
  return verdict?.outcome === 'needs_approval' ? verdict.approval : undefined;
}
