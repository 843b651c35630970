import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { askBedrock } from '../grants/bedrock.ts';
import { place } from '../grants/place.ts';
import { readReviewerSecret } from '../grants/secrets.ts';
import type { Settings } from '../settings.ts';

/** Which reviewers are asked, where OpenAI's is, and what they are not told. */
const reviewersOf = ({
  reviewers,
  openaiBaseUrl,
  openaiModel,
  subjectsInPrompts,
}: Settings): Record<string, string> => ({
  ...(reviewers.includes('bedrock') && { REVIEWERS: reviewers.join(',') }),
  ...(reviewers.includes('openai') && { OPENAI_BASE_URL: openaiBaseUrl, OPENAI_MODEL: openaiModel }),
  ...(subjectsInPrompts === 'hidden' && { SUBJECTS_IN_PROMPTS: subjectsInPrompts }),
});

/** Asks the reviewer. It reads and writes no table. */
export const reviewRequest: FunctionSpec = {
  entry: 'lambdas/review-request/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 60,
  invokedBy: 'state',
  grants: (on) => [
    ...(on.settings.reviewers.includes('openai') ? [readReviewerSecret(on)] : []),
    ...(on.settings.reviewers.includes('bedrock') ? [askBedrock(on)] : []),
  ],
  variables: (on) => ({ ...place(on), ...reviewersOf(on.settings) }),
};
