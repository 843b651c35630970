import type { Reason } from '../../shared/domain/verdict.ts';
import type { ApprovalPlan } from '../plan-approval.ts';

const REASONS = {
  timed_out: {
    code: 'approval_timed_out',
    detail: 'Nobody who may approve it answered in time; ask again when somebody is there.',
  },
  unreachable: {
    code: 'approval_unreachable',
    detail: 'The approvers could not be reached; ask again later, or tell who runs the broker.',
  },
  not_possible: {
    code: 'approval_not_possible',
    detail: 'No approval tier is configured that could approve it; tell who runs the broker.',
  },
} as const satisfies Record<string, Reason>;

/** Nobody is left to ask: silence is a denial. */
export function approvalNotGiven(plan: Extract<ApprovalPlan, { kind: 'none' }>): Reason[] {
  return [REASONS[plan.because]];
}
