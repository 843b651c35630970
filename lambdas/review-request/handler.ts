import { loadConfig } from '../shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { grantableFor } from '../shared/domain/guardrails/grantable-for.ts';
import { remember } from '../shared/domain/remember.ts';
import { readSubjectsInPrompts } from '../shared/domain/subjects/subjects-in-prompts.ts';
import { askInTurn } from './ask-in-turn.ts';
import { measureFailure, measureReview } from './measure-review.ts';
import { openReviewers } from './open-reviewers.ts';
import { loadedStateSchema, makeReviewRequest } from './review-request.ts';

export const handler = runWorkflowStep(
  'review-request',
  loadedStateSchema,
  () => {
    const clock = () => new Date();
    const reviewers = openReviewers(clock);
    const config = loadConfig();
    return makeReviewRequest({
      ask: askInTurn(reviewers, ({ message }) => logger.warn('the next reviewer is asked', { message })),
      remembers: () => (readConfigFiles().limits.rememberedReviews ? reviewers[0].digest : undefined),
      subjects: readSubjectsInPrompts(process.env.SUBJECTS_IN_PROMPTS),
      clock,
      // The guardrails see no more of a principal than this, and asking them of a whole catalog takes milliseconds.
      grantableFor: remember(
        200,
        ({ principal: { id, type, status, groups }, onBehalfOf, references }) =>
          JSON.stringify([id, type, status, groups, onBehalfOf, references]),
        ({ principal, ...asker }) => grantableFor(principal, asker, config),
      ),
    });
  },
  { done: (_, review) => measureReview(review), failed: measureFailure },
);
