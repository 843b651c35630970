import type { Reason } from '../../shared/domain/verdict.ts';
import type { Case } from '../decision-case.ts';

/** The model's output stayed off its schema. What the model itself is told of that is in its prompt. */
export function reviewMalformed({ review }: Case): Reason[] {
  if (review.outcome !== 'malformed') return [];
  return [
    {
      code: 'review_malformed',
      detail: 'The reviewer gave no answer that could be used. Ask again, or say the job in other words.',
    },
  ];
}
