import type { Reason } from '../../../shared/domain/reason.ts';
import type { GuardedGrant } from '../../decision-case.ts';

/** A guardrail asks for a reference, and the request names none. Whoever names one may ask again. */
export function referenceRequired(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer, lacks }) =>
    answer.kind === 'never' && lacks === 'reference'
      ? [
          {
            code: 'reference_required' as const,
            resource: grant.resource.key,
            action: answer.action,
            policyIds: [...answer.policyIds],
          },
        ]
      : [],
  );
}
