import type { Reason } from '../../shared/domain/reason.ts';
import type { Case } from '../decision-case.ts';

/** The model's output stayed off its schema. What the model itself is told of that is in its prompt. */
export function reviewMalformed({ review }: Case): Reason[] {
  if (review.outcome !== 'malformed') return [];
  return [
    {
      code: 'review_malformed',
    },
  ];
}
