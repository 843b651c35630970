import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response } from 'openai/resources/responses/responses';
import type { z } from 'zod';
import { ReviewerUnavailable } from '../../domain/errors.ts';
import type { AskReviewer, Provenance, ReviewerAnswer } from '../../domain/review.ts';
import { MOST_OUTPUT_TOKENS } from './most-output-tokens.ts';

/** Milliseconds for one question; the ASL retries, this client does not. */
const TIMEOUT_MS = 30_000;

/**
 * A reviewer behind any endpoint that speaks OpenAI's Responses API.
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */
export function makeOpenaiReviewer(deps: {
  baseUrl: string;
  model: string;
  apiKey(): Promise<string>;
  timeoutMs?: number;
}): AskReviewer {
  const client = new OpenAI({
    apiKey: deps.apiKey,
    baseURL: deps.baseUrl,
    maxRetries: 0,
    timeout: deps.timeoutMs ?? TIMEOUT_MS,
    logLevel: 'off',
  });
  return async ({ instructions, input, schema, safetyId }) => {
    try {
      const response = await client.responses.create({
        model: deps.model,
        instructions,
        input: [{ role: 'user', content: input }],
        text: { format: formatOf(schema) },
        max_output_tokens: MOST_OUTPUT_TOKENS,
        safety_identifier: safetyId,
        store: false,
      });
      return answerOf(response);
    } catch (error) {
      const code = error instanceof OpenAI.APIError ? (error.status ?? error.name) : 'no answer';
      throw new ReviewerUnavailable(`the reviewer could not be asked (${code})`, { cause: error });
    }
  };
}

/** The schema as the provider takes it; made once for as long as the schema is kept. */
const formats = new WeakMap<z.ZodType, ReturnType<typeof zodTextFormat>>();
function formatOf(schema: z.ZodType) {
  const format = formats.get(schema) ?? zodTextFormat(schema, 'review');
  formats.set(schema, format);
  return format;
}

function answerOf(response: Response): ReviewerAnswer {
  const provenance: Provenance = {
    model: String(response.model),
    responseId: response.id,
    ...(response.usage && {
      inputTokens: response.usage.input_tokens,
      outputTokens: response.usage.output_tokens,
    }),
  };
  if (response.status === 'failed') throw new Error('the provider failed');
  const content = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const refusal = content.find((part) => part.type === 'refusal');
  if (refusal) return { ...provenance, kind: 'refused', detail: refusal.refusal.slice(0, 600) };
  if (response.status === 'incomplete') {
    const because = response.incomplete_details?.reason ?? 'unknown';
    return { ...provenance, kind: 'incomplete', detail: `the output is incomplete: ${because}` };
  }
  return { ...provenance, kind: 'text', text: response.output_text };
}
