import type { Outcome, WorkflowState } from '../shared/domain/workflow-state.ts';

/** Errors that are the broker's answer, not its malfunction. */
const DENIALS = new Set([
  'PrincipalUnknown',
  'PrincipalSuspended',
  'PolicyMissing',
  'StandingChanged',
  'SessionPolicyTooLarge',
  'ChangeStale',
]);

/** `ReviewerUnavailable` reads `reviewer_unavailable`, `States.Timeout` reads `states_timeout`. */
export function codeOfError(name: string): string {
  return name
    .replace(/\./g, '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * How a request ended, read off the workflow's state. An error outweighs everything else that the state
 * holds, and a state that says nothing clear is a failure.
 */
export function outcomeOfState(state: WorkflowState): Pick<Outcome, 'outcome' | 'reason'> {
  const { error, verdict, request } = state;
  if (error) {
    const outcome = DENIALS.has(error.Error) ? 'denied' : 'failed';
    return { outcome, reason: codeOfError(error.Error) };
  }
  if (request.dryRun && verdict) return { outcome: 'cancelled', reason: 'dry_run' };
  if (state.unclaimed !== undefined) return { outcome: 'expired', reason: 'unclaimed' };
  if (state.applied) return { outcome: 'applied', reason: 'applied' };
  if (state.session) return { outcome: 'issued', reason: 'issued' };
  if (verdict?.outcome === 'deny') return { outcome: 'denied', reason: verdict.reasons[0]?.code ?? 'denied' };
  return { outcome: 'failed', reason: 'no_outcome' };
}
