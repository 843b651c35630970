import type { Reason } from '../../shared/domain/verdict.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** No number of approvals would do. */
export function guardrailForbids(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer }) =>
    answer.kind === 'never'
      ? [
          {
            code: 'guardrail_forbids' as const,
            detail:
              answer.policyIds.length > 0
                ? `The guardrails forbid this (${answer.policyIds.join(', ')}), whoever approves it.`
                : 'No guardrail permits this to this principal, whoever approves it.',
            resource: grant.resource.key,
            action: answer.action,
            policyIds: [...answer.policyIds],
          },
        ]
      : [],
  );
}
