import { makeBedrockReviewer } from '../shared/adapters/reviewer/ask-bedrock.ts';
import { makeOpenaiReviewer } from '../shared/adapters/reviewer/ask-openai.ts';
import { secretsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { roleCredentials } from '../shared/adapters/runtime/role-credentials.ts';
import { makeSecrets } from '../shared/adapters/runtime/secrets.ts';
import { reviewerDigest } from '../shared/domain/limits/remembered-review.ts';
import type { Reviewer } from './ask-in-turn.ts';

/** Milliseconds for all questions of one review: the function is given a little more. */
const TIMEOUT_MS = 50_000;
/** For one question: longer than a review takes. */
const MOST_FOR_ONE_MS = 30_000;

function openOpenai(clock: () => Date, timeoutMs: number): Reviewer {
  const [model, baseUrl] = [requiredEnv('OPENAI_MODEL'), requiredEnv('OPENAI_BASE_URL')];
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const apiKey = () => secrets.read(requiredEnv('OPENAI_SECRET_ID'));
  return {
    ask: makeOpenaiReviewer({ baseUrl, model, apiKey, timeoutMs }),
    digest: reviewerDigest(model, baseUrl),
  };
}

function openBedrock(timeoutMs: number): Reviewer {
  const [model, url] = [requiredEnv('BEDROCK_MODEL'), requiredEnv('BEDROCK_URL')];
  const region = requiredEnv('AWS_REGION');
  return {
    ask: makeBedrockReviewer({ url, region, model, credentials: roleCredentials, timeoutMs }),
    digest: reviewerDigest(model, url),
  };
}

/** The reviewers that the deployment names, in the order in which they are asked. Throws where one is unknown. */
export function openReviewers(clock: () => Date): [Reviewer, ...Reviewer[]] {
  const names = (process.env.REVIEWERS ?? 'openai').split(',');
  const timeoutMs = Math.min(MOST_FOR_ONE_MS, TIMEOUT_MS / names.length);
  const [first, ...others] = names.map((name) => {
    if (name === 'openai') return openOpenai(clock, timeoutMs);
    if (name === 'bedrock') return openBedrock(timeoutMs);
    throw new Error(`there is no reviewer ${name}`);
  });
  if (!first) throw new Error('there is no reviewer');
  return [first, ...others];
}
