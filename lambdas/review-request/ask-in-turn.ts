import { ReviewerUnavailable } from '../shared/domain/errors.ts';
import type { AskReviewer } from '../shared/domain/review.ts';

/** A reviewer that may be asked, and how it is told from others (`reviewerDigest`). */
export type Reviewer = { readonly ask: AskReviewer; readonly digest: string };

/**
 * One reviewer of several: each is asked only where those before it could not be. Whoever answers, the same schema, rules and
 * people stand behind it. Throws ReviewerUnavailable where none could be asked.
 */
export const askInTurn =
  (
    reviewers: readonly [Reviewer, ...Reviewer[]],
    passedOver: (error: ReviewerUnavailable) => void,
  ): AskReviewer =>
  async (question) => {
    for (const reviewer of reviewers) {
      try {
        return { ...(await reviewer.ask(question)), reviewerDigest: reviewer.digest };
      } catch (error) {
        const isLast = reviewer === reviewers.at(-1);
        if (isLast || !(error instanceof ReviewerUnavailable)) throw error;
        passedOver(error);
      }
    }
    throw new ReviewerUnavailable('there is no reviewer to ask');
  };
