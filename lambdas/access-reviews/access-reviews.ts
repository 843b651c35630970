import { type ServerPorts, serveOperations } from '../shared/http/serve-operations.ts';
import { type DecidingPorts, decideItem } from './decide-item.ts';
import { type OpeningReviewPorts, openAccessReview } from './open-review.ts';
import { getAccessReview, getReviewItem, listAccessReviews } from './read-reviews.ts';

export type AccessReviewPorts = ServerPorts &
  OpeningReviewPorts &
  DecidingPorts & { readonly reviews: OpeningReviewPorts['reviews'] & DecidingPorts['reviews'] };

/** Reviews of everybody's access: a function that neither votes nor claims. */
export const makeAccessReviews = (ports: AccessReviewPorts) =>
  serveOperations<AccessReviewPorts>(
    [listAccessReviews, openAccessReview, getAccessReview, getReviewItem, decideItem],
    ports,
  );
