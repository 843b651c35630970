import type { Reason } from '../../shared/domain/reason.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** The guardrails allow it with more approvals than it has. */
export function guardrailNeedsApproval(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, has, answer }) => {
    if (answer.kind !== 'needs') return [];
    return [
      {
        code: 'guardrail_needs_approval' as const,
        ...answer.quorum,
        approvalsSoFar: has.approvals,
        resource: grant.resource.key,
        policyIds: [...answer.policyIds],
      },
    ];
  });
}
