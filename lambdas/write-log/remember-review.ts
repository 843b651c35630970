import type { RememberedReviews } from '../shared/domain/limits/limits-config.ts';
import { type RememberedReview, toRemember } from '../shared/domain/limits/remembered-review.ts';
import type { WorkflowState } from '../shared/domain/workflow-state.ts';

export type RememberPorts = {
  readonly reviews: {
    /** False where a later one is kept. */
    keep(review: RememberedReview): Promise<boolean>;
  };
  /** Undefined where no review is remembered. */
  readonly rememberedReviews: () => RememberedReviews | undefined;
  readonly log: { error(message: string, fields: Record<string, unknown>): void };
};

/**
 * Keeps the review of an issued request: where nobody was asked, or the configuration says that it may then too. The
 * request is over: where the review cannot be kept, that is logged, and the next request is reviewed anew.
 */
export async function rememberReview(
  { request, loaded, review, evidence, verdict }: WorkflowState,
  { reviews, rememberedReviews, log }: RememberPorts,
): Promise<void> {
  const terms = rememberedReviews();
  if (!terms || !loaded) return;
  const tookPeople = evidence !== undefined || (verdict?.approvers ?? []).length > 0;
  if (tookPeople && !terms.wherePeopleAreAsked) return;
  const remembered = toRemember(review, request, loaded, terms.seconds);
  if (!remembered) return;
  try {
    await reviews.keep(remembered);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    log.error('review not remembered', { requestId: request.requestId, error: name });
  }
}
