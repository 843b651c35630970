import type { Reason } from '../../shared/domain/reason.ts';
import type { Case } from '../decision-case.ts';

/** The model would not answer. */
export function reviewRefused({ review }: Case): Reason[] {
  if (review.outcome !== 'refused') return [];
  return [
    {
      code: 'review_refused',
    },
  ];
}
