import type { Reason } from '../../shared/domain/reason.ts';
import type { Case } from '../decision-case.ts';

/** One denial ends it, however many approve. */
export function approvalDenied({ evidence }: Case): Reason[] {
  const denials = evidence?.votes.filter((vote) => vote.decision === 'deny') ?? [];
  return denials.map(({ principalId }) => ({
    code: 'approval_denied',
    principalId,
  }));
}
