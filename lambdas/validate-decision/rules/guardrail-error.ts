import type { Reason } from '../../shared/domain/verdict.ts';
import type { GuardedGrant } from '../decision-case.ts';

/** A guardrail that could not be evaluated might have forbidden: that is a denial. */
export function guardrailError(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer }) =>
    answer.kind === 'error'
      ? [
          {
            code: 'guardrail_error' as const,
            detail:
              'A guardrail could not be evaluated, so nothing is granted; tell the owner of the guardrails.',
            resource: grant.resource.key,
            action: answer.action,
          },
        ]
      : [],
  );
}
