import type { Reason } from '../../shared/domain/reason.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** A guardrail that could not be evaluated might have forbidden: that is a denial. */
export function guardrailError(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer }) =>
    answer.kind === 'error'
      ? [
          {
            code: 'guardrail_error' as const,
            resource: grant.resource.key,
            action: answer.action,
          },
        ]
      : [],
  );
}
