import { digestOf } from '../shared/domain/digest.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

/**
 * What the audit log keeps of a request: who asked for what, by which texts it was decided, who agreed, and
 * what was opened. Policy texts and principals are kept by digest, everything that opens access in full.
 */
export function factsOfState(state: WorkflowState): Record<string, unknown> {
  const { request, loaded, review, verdict, evidence, session, applied, error } = state;
  const { change, ...asked } = request;
  return {
    request: { ...asked, ...(change && { change: { ...change, proposal: digestOf(change.proposal) } }) },
    ...(loaded && {
      principalType: loaded.principal.type,
      policyVersion: loaded.policy.version,
      policyDigest: loaded.policy.digest,
      digests: loaded.digests,
    }),
    ...(review && { review }),
    ...(verdict && {
      verdict: {
        outcome: verdict.outcome,
        reasons: verdict.reasons,
        policyIds: verdict.policyIds,
        proposalDigest: verdict.proposalDigest,
        decidedAt: verdict.decidedAt,
        ...(verdict.risk && { risk: verdict.risk }),
        ...(verdict.entitlement && { entitlement: verdict.entitlement }),
        ...('approval' in verdict && verdict.approval && { approval: verdict.approval }),
      },
      approvers: verdict.approvers,
    }),
    ...(evidence && { votes: evidence.votes, discounted: evidence.discounted }),
    ...(session && { session }),
    ...(applied && { applied }),
    ...(error && { error: error.Error }),
  };
}
