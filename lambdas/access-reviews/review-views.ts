import type { AccessReviewsTable } from '../shared/adapters/tables/access-reviews-table.ts';
import type { AccessReview, ReviewItem } from '../shared/domain/access-reviews/access-review.ts';
import { isPending, isUndecided } from '../shared/domain/access-reviews/access-review.ts';
import {
  type DeciderRefusal,
  deciderRefusal,
  reviewerRefusal,
  seesReviews,
} from '../shared/domain/access-reviews/may-decide.ts';
import type { ReviewTerms } from '../shared/domain/access-reviews/review-terms.ts';
import type { Principal } from '../shared/domain/principal.ts';
import { Problem } from '../shared/http/problems.ts';
import type { AccessReviewView, ReviewItemView } from './access-review-specs.ts';

export type ReadingPorts = {
  readonly reviews: Pick<AccessReviewsTable, 'reviews' | 'review' | 'page' | 'item' | 'access' | 'current'>;
  readonly terms: () => ReviewTerms;
  readonly clock: () => Date;
};

export const REFUSALS: Record<DeciderRefusal, string> = {
  not_active: 'Who is suspended reviews nothing.',
  not_human: 'An agent reviews nobody’s access.',
  not_a_reviewer: 'Access is reviewed by the group that approvals.json names, and read by auditors.',
  own_access: 'Nobody decides on their own access, nor on that of an agent that they own.',
};

/** Throws for whoever is neither a reviewer nor an auditor: to them no review exists. */
export function mustSee(caller: Principal, review: { readonly reviewerGroups: readonly string[] }): void {
  if (!seesReviews(caller, review))
    throw new Problem('access_review_refused', REFUSALS[reviewerRefusal(caller, review) ?? 'not_a_reviewer']);
}

export const viewOfReview = (
  { told: _, version: __, ...review }: AccessReview,
  caller: Principal,
): AccessReviewView => ({ ...review, mayDecide: reviewerRefusal(caller, review) === undefined });

export function viewOfItem(
  { madeFrom: _, recorded: __, version: ___, reviewId: ____, ...item }: ReviewItem,
  review: AccessReview,
  caller: Principal,
  now: Date,
): ReviewItemView {
  return {
    ...item,
    overdue: isPending(item) && review.closesAt <= now.toISOString(),
    mayDecide: isUndecided(item) && deciderRefusal(caller, item, review) === undefined,
  };
}

/** The review of a path, for whoever may see it. */
export async function findReview(
  id: string,
  caller: Principal,
  { reviews, terms }: Pick<ReadingPorts, 'reviews' | 'terms'>,
): Promise<AccessReview> {
  const review = await reviews.review(id);
  mustSee(caller, review ?? terms());
  if (!review) throw new Problem('access_review_not_found', 'Check the id; a new one takes minutes to open.');
  return review;
}

const notFound = () => new Problem('access_review_not_found', 'No such principal is in this review.');

/** An item, and what its principal could come by: of one moment, as its digest says. */
export async function findItem(reviewId: string, principalId: string, { reviews }: ReadingPorts) {
  const item = await reviews.item(reviewId, principalId);
  if (!item) throw notFound();
  const found = await reviews.access(item);
  if (!found) throw notFound();
  return { item, ...found };
}
