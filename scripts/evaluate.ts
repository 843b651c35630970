import { parseArgs } from 'node:util';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { runCommand } from '../infra/run-command.ts';
import { makeBedrockReviewer } from '../lambdas/shared/adapters/reviewer/ask-bedrock.ts';
import { makeOpenaiReviewer } from '../lambdas/shared/adapters/reviewer/ask-openai.ts';
import { listenLocally } from '../sandbox/listen-locally.ts';
import { MODEL } from '../sandbox/reviewer/propose.ts';
import { makeResponsesApi } from '../sandbox/reviewer/serve-responses.ts';
import { ORGANISATIONS, readOrganisation } from './evaluation/evaluation-set.ts';
import { reviewAll } from './evaluation/review-all.ts';
import { sayScores } from './evaluation/say-scores.ts';

const USAGE = `Usage: npm run eval [-- --endpoint URL --model NAME] [--only ORGANISATION] [--at-once N] [--json]

Has the labelled requests of test/cases/evaluation reviewed, by the prompt, the schema and the validator that are deployed, and says
how often the reviewer agrees with their labels. Without an endpoint: by the offline keyword matcher.

  --endpoint URL  an endpoint that speaks OpenAI's Responses API; OPENAI_API_KEY is its key
  --model NAME    the model to ask there
  --bedrock ID    a model or an inference profile at Amazon Bedrock instead, with the shell's credentials of AWS
  --region NAME   the region of it (AWS_REGION)
  --only NAME     the requests of one organisation: ${ORGANISATIONS.join(', ')}
  --at-once N     requests that are reviewed at the same time (4)
  --json          every review as JSON, instead of the scores`;

const { values } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    model: { type: 'string' },
    bedrock: { type: 'string' },
    region: { type: 'string', default: process.env.AWS_REGION ?? '' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Bedrock's model or the endpoint that is named, or the offline matcher, served for as long as this runs. */
async function openReviewer() {
  const { endpoint, model, bedrock, region } = values;
  if (bedrock !== undefined) {
    if (endpoint !== undefined || model !== undefined || region === '') return undefined;
    const url = process.env.AWS_ENDPOINT_URL ?? `https://bedrock-runtime.${region}.amazonaws.com`;
    const ask = makeBedrockReviewer({
      url,
      region,
      model: bedrock,
      credentials: fromNodeProviderChain(),
      timeoutMs: 60_000,
    });
    return { ask, model: bedrock, close: async () => {} };
  }
  if ((endpoint === undefined) !== (model === undefined)) return undefined;
  if (endpoint !== undefined && model !== undefined) {
    const apiKey = async () => process.env.OPENAI_API_KEY ?? 'none';
    return { ask: makeOpenaiReviewer({ baseUrl: endpoint, model, apiKey }), model, close: async () => {} };
  }
  const api = makeResponsesApi();
  const { url, close } = await listenLocally(0, (request) => api.fetch(request));
  const ask = makeOpenaiReviewer({ baseUrl: url, model: MODEL, apiKey: async () => 'none' });
  return { ask, model: `${MODEL}, which is no language model`, close };
}

await runCommand(async () => {
  const chosen = ORGANISATIONS.filter((name) => values.only === undefined || name === values.only);
  const atOnce = Number(values['at-once']);
  const isUsage = chosen.length === 0 || !Number.isInteger(atOnce) || atOnce < 1 || atOnce > 32;
  const reviewer = isUsage || values.help ? undefined : await openReviewer();
  if (!reviewer) {
    console.error(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  try {
    const reviews = await reviewAll(chosen.map(readOrganisation), {
      ask: reviewer.ask,
      atOnce,
      clock: () => new Date(),
      milliseconds: () => performance.now(),
    });
    console.log(values.json ? JSON.stringify(reviews) : `${reviewer.model}\n\n${sayScores(reviews)}`);
  } finally {
    await reviewer.close();
  }
});
