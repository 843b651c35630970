import type { Proposal } from '../../shared/domain/review.ts';
import type { Reason } from '../../shared/domain/verdict.ts';

/** The reviewer found that the principal's policy does not cover the job. Its own words are shown beside this. */
export function reviewNotApproved({ approved, authorization }: Proposal): Reason[] {
  if (approved && authorization !== 'none') return [];
  return [
    {
      code: 'review_not_approved',
      detail:
        "The reviewer found the job not covered by the principal's policy; name the job and the data it needs.",
    },
  ];
}
