import type { AccessReviewsTable } from '../shared/adapters/tables/access-reviews-table.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { openAccessReviewSpec, openedReviewSchema } from './access-review-specs.ts';
import { mustSee, REFUSALS, type ReadingPorts } from './review-views.ts';

export type OpeningReviewPorts = ReadingPorts & {
  readonly reviews: Pick<AccessReviewsTable, 'setCurrent'>;
  /** A fresh ULID. */
  readonly newUlid: () => string;
};

const isOpenAlready = () =>
  new Problem('access_review_open', 'One is open: it ends, or all of it is decided, before the next.');

/** Says that there is to be a review. What is in it the schedule's function writes, which reads everybody's access. */
export const openAccessReview: Operation<OpeningReviewPorts> = operation({
  ...openAccessReviewSpec,
  async run({ caller }, { reviews, terms, clock, newUlid }: OpeningReviewPorts) {
    mustSee(caller, terms());
    if (caller.type !== 'human') throw new Problem('access_review_refused', REFUSALS.not_human);
    const current = await reviews.current();
    const latest = current && (await reviews.review(current.reviewId));
    if (current && (!latest || latest.state === 'opening' || latest.state === 'open')) throw isOpenAlready();
    const base = current?.version ?? 0;
    const reviewId = `access_review-${newUlid()}`;
    const openedAt = clock().toISOString();
    const opened = { reviewId, openedAt, openedBy: caller.id, version: base + 1 };
    if (!(await reviews.setCurrent(opened, base))) throw isOpenAlready();
    return { status: 202, body: openedReviewSchema.parse({ reviewId, state: 'opening' }) };
  },
});
