import { isOpen, type RequestStatus } from '../shared/domain/access-request.ts';
import type { AuditEvent, AuditRecord } from '../shared/domain/audit/audit-record.ts';

/** States of the workflow that a request is seen in, in their order. */
export const STEP_NAMES = [
  'LoadPolicy',
  'ReviewRequest',
  'ValidateDecision',
  'RequestApproval',
  'TallyVotes',
  'AwaitClaim',
  'AssumeRole',
  'ApplyChange',
  'WriteLog',
  'Issued',
  'Applied',
  'Allowed',
  'Denied',
  'Expired',
  'Cancelled',
  'Failed',
] as const;
export type StepName = (typeof STEP_NAMES)[number];
export type Step = {
  readonly state: StepName;
  readonly mark: 'done' | 'now' | 'ended';
  readonly at?: string;
};

/** The state that an event is recorded by; what is recorded of no state is absent. */
const STATES: Partial<Record<AuditEvent, StepName>> = {
  requested: 'LoadPolicy',
  reviewed: 'ReviewRequest',
  validated: 'ValidateDecision',
  approval_asked: 'RequestApproval',
  escalated: 'RequestApproval',
  voted: 'TallyVotes',
  claimed: 'AwaitClaim',
  issuing: 'AssumeRole',
  policy_changed: 'ApplyChange',
  principal_changed: 'ApplyChange',
  issued: 'Issued',
  applied: 'Applied',
  allowed: 'Allowed',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  failed: 'Failed',
};

/** Where an open request is. The log tells of a step once it is done, and of the first ones with the verdict. */
const NOW: Partial<Record<RequestStatus, StepName>> = {
  PENDING: 'ReviewRequest',
  AWAITING_APPROVAL: 'RequestApproval',
  READY: 'AwaitClaim',
};
const ENDS: ReadonlySet<StepName> = new Set(STEP_NAMES.slice(STEP_NAMES.indexOf('Issued')));

type Recorded = Pick<AuditRecord, 'event' | 'at'>;

/** The states that a request went through, one line each however often, and where it is or how it ended. */
export function courseOf(status: RequestStatus, records: readonly Recorded[]): Step[] {
  const steps: Step[] = [];
  for (const { event, at: recordedAt } of records) {
    const state = STATES[event];
    if (state === undefined) continue;
    const step: Step = { state, mark: ENDS.has(state) ? 'ended' : 'done', at: recordedAt };
    if (steps.at(-1)?.state === state) steps[steps.length - 1] = step;
    else steps.push(step);
  }
  const now = isOpen(status) ? NOW[status] : undefined;
  if (!now) return steps;
  if (status === 'PENDING' && steps.length === 0) steps.push({ state: 'LoadPolicy', mark: 'done' });
  const last = steps.at(-1);
  if (last?.state === now) return [...steps.slice(0, -1), { ...last, mark: 'now' }];
  return [...steps, { state: now, mark: 'now' }];
}
