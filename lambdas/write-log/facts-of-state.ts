import { requestFacts, rulesFacts, verdictFacts } from '../shared/domain/audit/audit-entries.ts';
import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

/**
 * What the audit log keeps of a request: who asked for what, by which texts it was decided, who agreed, and
 * what was opened. Policy texts and principals are kept by digest, everything that opens access in full.
 */
export function factsOfState(state: WorkflowState): Record<string, unknown> {
  const { loaded, review, verdict, evidence, session, applied, error } = state;
  return {
    request: requestFacts(state),
    ...(loaded && { principalType: loaded.principal.type }),
    ...rulesFacts(state),
    ...(review && { review }),
    ...(verdict && { verdict: verdictFacts(verdict), approvers: verdict.approvers }),
    ...(evidence && { votes: evidence.votes, discounted: evidence.discounted }),
    ...(session && { session }),
    ...(applied && { applied }),
    ...(loaded && isBreakGlass(state.request, loaded.principal) && { breakGlass: true }),
    ...(error && { error: error.Error }),
  };
}
