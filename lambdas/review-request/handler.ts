import { loadConfig } from '../shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { makeReviewer } from '../shared/adapters/reviewer/reviewer.ts';
import { secretsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../shared/adapters/runtime/secrets.ts';
import { grantableFor } from '../shared/domain/guardrails/grantable-for.ts';
import { reviewerDigest } from '../shared/domain/limits/remembered-review.ts';
import { remember } from '../shared/domain/remember.ts';
import { measureFailure, measureReview } from './measure-review.ts';
import { loadedStateSchema, makeReviewRequest } from './review-request.ts';

export const handler = runWorkflowStep(
  'review-request',
  loadedStateSchema,
  () => {
    const clock = () => new Date();
    const secrets = makeSecrets({ client: secretsClient(), clock });
    const model = requiredEnv('OPENAI_MODEL');
    const baseUrl = requiredEnv('OPENAI_BASE_URL');
    const config = loadConfig();
    return makeReviewRequest({
      ask: makeReviewer({
        baseUrl,
        model,
        apiKey: () => secrets.read(requiredEnv('OPENAI_SECRET_ID')),
      }),
      remembers: () =>
        readConfigFiles().limits.rememberedReviews ? reviewerDigest(model, baseUrl) : undefined,
      clock,
      // The guardrails see no more of a principal than this, and asking them of a whole catalog takes milliseconds.
      grantableFor: remember(
        200,
        ({ principal: { id, type, status, groups }, onBehalfOf }) =>
          JSON.stringify([id, type, status, groups, onBehalfOf]),
        ({ principal, onBehalfOf }) => grantableFor(principal, { onBehalfOf }, config),
      ),
    });
  },
  { done: (_, review) => measureReview(review), failed: measureFailure },
);
