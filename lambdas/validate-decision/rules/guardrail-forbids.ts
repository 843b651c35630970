import type { Reason } from '../../shared/domain/reason.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** No number of approvals would do. */
export function guardrailForbids(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer, lacks }) =>
    answer.kind === 'never' && !lacks
      ? [
          {
            code: 'guardrail_forbids' as const,
            resource: grant.resource.key,
            action: answer.action,
            policyIds: [...answer.policyIds],
          },
        ]
      : [],
  );
}
