import { sharePerson } from '../approvals/same-person.ts';
import { isAuditor } from '../identity/is-auditor.ts';
import type { Principal } from '../principal.ts';
import type { ReviewItem } from './access-review.ts';

/** The groups whose members decide. */
type Reviewers = { readonly reviewerGroups: readonly string[] };

/** Why somebody decides no item of a review, or not this one. */
export type DeciderRefusal = 'not_active' | 'not_human' | 'not_a_reviewer' | 'own_access';

/** Why somebody is no reviewer; undefined where they are. */
export function reviewerRefusal(
  { status, type, groups }: Principal,
  { reviewerGroups }: Reviewers,
): DeciderRefusal | undefined {
  if (status !== 'active') return 'not_active';
  if (type !== 'human') return 'not_human';
  return groups.some((group) => reviewerGroups.includes(group)) ? undefined : 'not_a_reviewer';
}

/** The same of one item: nobody decides on themselves, on another entry of theirs, or on an agent that they own. */
export function deciderRefusal(
  reviewer: Principal,
  item: Pick<ReviewItem, 'principalId' | 'persons'>,
  review: Reviewers,
): DeciderRefusal | undefined {
  const refusal = reviewerRefusal(reviewer, review);
  if (refusal) return refusal;
  const isOwn = item.principalId === reviewer.id || sharePerson(reviewer.persons, item.persons);
  return isOwn ? 'own_access' : undefined;
}

/** Whether somebody sees reviews, and may have one opened: reviewers and auditors. */
export const seesReviews = (principal: Principal, review: Reviewers): boolean =>
  isAuditor(principal) || reviewerRefusal(principal, review) === undefined;
