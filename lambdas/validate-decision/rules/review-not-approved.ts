import type { Reason } from '../../shared/domain/reason.ts';
import type { Proposal } from '../../shared/domain/review.ts';

/** The reviewer found that the principal's policy does not cover the job. Its own words are shown beside this. */
export function reviewNotApproved({ approved, authorization }: Proposal): Reason[] {
  if (approved && authorization !== 'none') return [];
  return [
    {
      code: 'review_not_approved',
    },
  ];
}
