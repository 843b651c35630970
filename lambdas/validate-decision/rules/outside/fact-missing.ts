import type { Reason } from '../../../shared/domain/reason.ts';
import type { GuardedGrant } from '../../decision-case.ts';

/** A guardrail goes by a fact from outside, and none is stated. Once it is, whoever asked may ask again. */
export function factMissing(guarded: readonly GuardedGrant[]): Reason[] {
  return guarded.flatMap(({ grant, answer, lacks }) =>
    answer.kind === 'never' && lacks === 'fact'
      ? [
          {
            code: 'fact_missing' as const,
            resource: grant.resource.key,
            action: answer.action,
            policyIds: [...answer.policyIds],
          },
        ]
      : [],
  );
}
