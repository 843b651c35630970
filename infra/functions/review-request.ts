import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { place } from '../grants/place.ts';
import { readReviewerSecret } from '../grants/secrets.ts';

/** Asks the reviewer. It reads and writes no table. */
export const reviewRequest: FunctionSpec = {
  entry: 'lambdas/review-request/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 60,
  invokedBy: 'state',
  grants: (on) => [readReviewerSecret(on)],
  variables: (on) => ({
    ...place(on),
    OPENAI_BASE_URL: on.settings.openaiBaseUrl,
    OPENAI_MODEL: on.settings.openaiModel,
  }),
};
