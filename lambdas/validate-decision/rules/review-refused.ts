import type { Reason } from '../../shared/domain/verdict.ts';
import type { Case } from '../decision-case.ts';

/** The model would not answer. */
export function reviewRefused({ review }: Case): Reason[] {
  if (review.outcome !== 'refused') return [];
  return [
    {
      code: 'review_refused',
      detail: 'The reviewer refused to review this request; describe the job in other words.',
    },
  ];
}
