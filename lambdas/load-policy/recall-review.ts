import type { AccessRequest } from '../shared/domain/access-request.ts';
import type { RememberedReviews } from '../shared/domain/limits/limits-config.ts';
import { isRecent, keyOfReview, type RememberedReview } from '../shared/domain/limits/remembered-review.ts';
import type { Loaded } from '../shared/domain/workflow-state.ts';

export type RecallPorts = {
  readonly reviews: { get(key: string): Promise<RememberedReview | undefined> };
  /** Undefined where no review is remembered. */
  readonly rememberedReviews: () => RememberedReviews | undefined;
  readonly clock: () => Date;
};

/** The review of the very same request, made not long ago. Whether it serves, ReviewRequest says: it knows what it would ask. */
export async function recallReview(
  request: AccessRequest,
  loaded: Pick<Loaded, 'policy' | 'digests'>,
  { reviews, rememberedReviews, clock }: RecallPorts,
): Promise<RememberedReview | undefined> {
  const terms = rememberedReviews();
  const key = terms && keyOfReview(request, loaded);
  if (!terms || key === undefined) return undefined;
  const found = await reviews.get(key);
  return found && isRecent(found, request, clock(), terms.seconds) ? found : undefined;
}
