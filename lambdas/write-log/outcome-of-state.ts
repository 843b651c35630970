import { endByError } from '../shared/domain/end-reasons.ts';
import type { Outcome, WorkflowState } from '../shared/domain/workflow-state.ts';

/**
 * How a request ended, read off the workflow's state. An error outweighs everything else that the state
 * holds, and a state that says nothing clear is a failure.
 */
export function outcomeOfState(state: WorkflowState): Pick<Outcome, 'outcome' | 'reason'> {
  const { error, verdict, request } = state;
  if (error) return endByError(error.Error);
  if (request.dryRun && verdict) return { outcome: 'cancelled', reason: 'dry_run' };
  if (state.unclaimed !== undefined) return { outcome: 'expired', reason: 'unclaimed' };
  if (state.applied) return { outcome: 'applied', reason: 'applied' };
  if (state.session) return { outcome: 'issued', reason: 'issued' };
  if (verdict?.outcome === 'allow' && verdict.seal) return { outcome: 'allowed', reason: 'allowed' };
  if (verdict?.outcome === 'deny') return { outcome: 'denied', reason: verdict.reasons[0]?.code ?? 'denied' };
  return { outcome: 'failed', reason: 'no_outcome' };
}
