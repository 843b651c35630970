import type { Reason } from '../../shared/domain/reason.ts';
import type { ApprovalPlan } from '../plan-approval.ts';

const CODES = {
  timed_out: 'approval_timed_out',
  unreachable: 'approval_unreachable',
  nobody_on_call: 'approval_nobody_on_call',
  not_possible: 'approval_not_possible',
} as const;

/** Nobody is left to ask: silence is a denial. */
export function approvalNotGiven(plan: Extract<ApprovalPlan, { kind: 'none' }>): Reason[] {
  return [{ code: CODES[plan.because] }];
}
