import { secretsClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { loadConfig } from '../shared/adapters/load-config.ts';
import { makeReviewer } from '../shared/adapters/reviewer.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { makeSecrets } from '../shared/adapters/secrets.ts';
import { grantableFor } from '../shared/domain/grantable-for.ts';
import { measureFailure, measureReview } from './measure-review.ts';
import { makeReviewRequest } from './review-request.ts';

export const handler = runStep(
  'review-request',
  () => {
    const secrets = makeSecrets({ client: secretsClient(), clock: () => new Date() });
    const config = loadConfig();
    return makeReviewRequest({
      ask: makeReviewer({
        baseUrl: requiredEnv('OPENAI_BASE_URL'),
        model: requiredEnv('OPENAI_MODEL'),
        apiKey: () => secrets.read(requiredEnv('OPENAI_SECRET_ID')),
      }),
      grantableFor: (principal, subject) =>
        grantableFor(principal, { onBehalfOf: subject !== undefined }, config),
    });
  },
  { done: (_, review) => measureReview(review), failed: measureFailure },
);
