import type { AccessReviewsTable } from '../../shared/adapters/tables/access-reviews-table.ts';
import type { AccessReview, Used } from '../../shared/domain/access-reviews/access-review.ts';
import {
  type AccessRules,
  accessOf,
  madeFromOf,
  newItem,
} from '../../shared/domain/access-reviews/describe-access.ts';
import type { ReviewTerms } from '../../shared/domain/access-reviews/review-terms.ts';
import { daysAfter } from '../../shared/domain/access-reviews/review-terms.ts';
import type { Policy, Principal } from '../../shared/domain/principal.ts';

export type PopulationPorts = {
  readonly reviews: Pick<AccessReviewsTable, 'items' | 'writeItem' | 'writeAccess'>;
  readonly principals: { all(): AsyncIterable<Principal> };
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  readonly used: (principalId: string, since: string) => Promise<Used>;
  readonly rules: () => AccessRules;
  readonly terms: () => ReviewTerms;
};

/** Principals that are looked at together. */
const TOGETHER = 20;
/** Days of use that are shown beside what could be got. */
const USED_DAYS = 90;

const inScope = ({ status, groups: its }: Principal, { groups }: ReviewTerms): boolean =>
  status === 'active' && (groups === undefined || its.some((group) => groups.includes(group)));

/**
 * Writes an item for each active principal in scope that has none yet, and answers how many there are. Broken off, it goes
 * on where it was: what stands is left as it is.
 */
export async function openItems(
  { reviewId, openedAt }: Pick<AccessReview, 'reviewId' | 'openedAt'>,
  { reviews, principals, policies, used, rules, terms }: PopulationPorts,
): Promise<number> {
  const there = new Set<string>();
  for await (const { principalId } of reviews.items(reviewId)) there.add(principalId);
  const [configured, asOf] = [terms(), rules()];
  const since = daysAfter(openedAt, -USED_DAYS);

  async function write(principal: Principal): Promise<void> {
    const [policy, sessions] = await Promise.all([policies.get(principal.id), used(principal.id, since)]);
    const access = accessOf(principal, policy, asOf);
    await reviews.writeAccess(reviewId, access, sessions);
    await reviews.writeItem(newItem(reviewId, access, sessions, madeFromOf(principal, policy, asOf)), 0);
    there.add(principal.id);
  }

  let waiting: Principal[] = [];
  for await (const principal of principals.all()) {
    if (there.has(principal.id) || !inScope(principal, configured)) continue;
    waiting.push(principal);
    if (waiting.length < TOGETHER) continue;
    await Promise.all(waiting.map(write));
    waiting = [];
  }
  await Promise.all(waiting.map(write));
  return there.size;
}
