import { type Operation, operation } from '../shared/http/operation.ts';
import {
  accessReviewListSchema,
  accessReviewPageSchema,
  getAccessReviewSpec,
  getReviewItemSpec,
  listAccessReviewsSpec,
  reviewItemDetailSchema,
} from './access-review-specs.ts';
import {
  findItem,
  findReview,
  mustSee,
  type ReadingPorts,
  viewOfItem,
  viewOfReview,
} from './review-views.ts';

/** Items of a page where nobody says how many. */
const PAGE = 50;

export const listAccessReviews: Operation<ReadingPorts> = operation({
  ...listAccessReviewsSpec,
  async run({ caller }, { reviews, terms }: ReadingPorts) {
    mustSee(caller, terms());
    const [all, current] = await Promise.all([reviews.reviews(), reviews.current()]);
    const latest = current && all.find(({ reviewId }) => reviewId === current.reviewId);
    const isOpen =
      current !== undefined && (!latest || latest.state === 'opening' || latest.state === 'open');
    const body = { reviews: all.map((review) => viewOfReview(review, caller)), mayOpen: !isOpen };
    return { status: 200, body: accessReviewListSchema.parse(body) };
  },
});

export const getAccessReview: Operation<ReadingPorts> = operation({
  ...getAccessReviewSpec,
  async run({ caller, id, query }, ports: ReadingPorts) {
    const review = await findReview(id, caller, ports);
    const { items, next } = await ports.reviews.page(id, query.limit ?? PAGE, query.cursor);
    const now = ports.clock();
    const body = {
      review: viewOfReview(review, caller),
      items: items.map((item) => viewOfItem(item, review, caller, now)),
      ...(next !== undefined && { nextCursor: next }),
    };
    return { status: 200, body: accessReviewPageSchema.parse(body) };
  },
});

export const getReviewItem: Operation<ReadingPorts> = operation({
  ...getReviewItemSpec,
  async run({ caller, id, item: principalId = '' }, ports: ReadingPorts) {
    const review = await findReview(id, caller, ports);
    const { item, access, used } = await findItem(id, principalId, ports);
    const body = {
      review: viewOfReview(review, caller),
      item: viewOfItem(item, review, caller, ports.clock()),
      access,
      used,
    };
    return { status: 200, body: reviewItemDetailSchema.parse(body) };
  },
});
