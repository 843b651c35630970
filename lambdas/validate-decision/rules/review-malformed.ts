import type { Reason } from '../../shared/domain/verdict.ts';
import type { Case } from '../facts.ts';

/** The model's output stayed off its schema. */
export function reviewMalformed({ review }: Case): Reason[] {
  if (review.outcome !== 'malformed') return [];
  return [
    {
      code: 'review_malformed',
      detail: 'The last review did not fit its schema; return exactly the fields it names.',
    },
  ];
}
