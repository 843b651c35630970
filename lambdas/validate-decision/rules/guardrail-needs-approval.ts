import type { Reason } from '../../shared/domain/verdict.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** The guardrails allow it with more approvals than it has. */
export function guardrailNeedsApproval(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, has, answer }) => {
    if (answer.kind !== 'needs') return [];
    const { approvals, stepUp } = answer.quorum;
    const code = stepUp > 0 ? `, ${stepUp} with a step-up code` : '';
    return [
      {
        code: 'guardrail_needs_approval' as const,
        detail: `${approvals} approval${approvals === 1 ? '' : 's'} needed${code}; ${has.approvals} so far.`,
        resource: grant.resource.key,
        policyIds: [...answer.policyIds],
      },
    ];
  });
}
