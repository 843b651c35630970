import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { ReviewerUnavailable } from '../../domain/errors.ts';
import type { AskReviewer, ReviewerAnswer } from '../../domain/review.ts';
import { MOST_OUTPUT_TOKENS } from './most-output-tokens.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** The one tool that the model may use: what it is given is the review. */
const TOOL = 'review';
/** Characters of what a model or a guardrail says, as they are kept. */
const MOST_DETAIL = 600;

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax */
const responseSchema = z.object({
  stopReason: z.string(),
  output: z.object({
    message: z.object({
      content: z.array(
        z.object({
          text: z.string().optional(),
          toolUse: z.object({ name: z.string(), input: z.unknown() }).optional(),
        }),
      ),
    }),
  }),
  usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }).optional(),
});

/** Why an answer ended that a model or a guardrail refused, or that was cut short. */
const REFUSED = ['guardrail_intervened', 'content_filtered'];
const CUT_SHORT = ['max_tokens', 'model_context_window_exceeded'];

/**
 * A reviewer at Amazon Bedrock, by the role's own permission: no key, and nothing leaves AWS. One call of Converse, in
 * which the model must use a tool whose input is the review. Throws ReviewerUnavailable.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html
 */
export function makeBedrockReviewer(deps: {
  /** Of `bedrock-runtime`, without a path. */
  url: string;
  region: string;
  /** A foundation model or an inference profile, by id or ARN. */
  model: string;
  credentials: () => Credentials | Promise<Credentials>;
  /** Milliseconds for one question; the ASL retries, this does not. */
  timeoutMs: number;
}): AskReviewer {
  const signer = new SignatureV4({
    service: 'bedrock',
    region: deps.region,
    credentials: async () => deps.credentials(),
    sha256: Sha256,
  });
  const url = new URL(`/model/${encodeURIComponent(deps.model)}/converse`, deps.url);

  async function converse(body: string): Promise<Response> {
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    });
    return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(deps.timeoutMs) });
  }

  return async ({ instructions, input, schema }) => {
    const tool = {
      name: TOOL,
      description: 'Hands the review in.',
      inputSchema: { json: jsonSchemaOf(schema) },
    };
    const question = JSON.stringify({
      system: [{ text: instructions }],
      messages: [{ role: 'user', content: [{ text: input }] }],
      inferenceConfig: { maxTokens: MOST_OUTPUT_TOKENS },
      toolConfig: { tools: [{ toolSpec: tool }], toolChoice: { tool: { name: TOOL } } },
    });
    let code: string | number = 'no answer';
    try {
      const response = await converse(question);
      code = response.status;
      if (!response.ok) throw new Error(`Bedrock answered ${code}`);
      const responseId = response.headers.get('x-amzn-requestid') ?? 'unknown';
      return answerOf(responseSchema.parse(await response.json()), { model: deps.model, responseId });
    } catch (error) {
      throw new ReviewerUnavailable(`the reviewer could not be asked (${code})`, { cause: error });
    }
  };
}

/** The schema as a tool's input has it; made once for as long as the schema is kept. */
const jsonSchemas = new WeakMap<z.ZodType, object>();
function jsonSchemaOf(schema: z.ZodType): object {
  const json = jsonSchemas.get(schema) ?? z.toJSONSchema(schema);
  jsonSchemas.set(schema, json);
  return json;
}

function answerOf(
  { stopReason, output, usage }: z.infer<typeof responseSchema>,
  about: { model: string; responseId: string },
): ReviewerAnswer {
  const provenance = { ...about, ...usage };
  const { content } = output.message;
  const said = content.map(({ text }) => text ?? '').join('');
  if (REFUSED.includes(stopReason))
    return { ...provenance, kind: 'refused', detail: (said || stopReason).slice(0, MOST_DETAIL) };
  if (CUT_SHORT.includes(stopReason))
    return { ...provenance, kind: 'incomplete', detail: `the output is incomplete: ${stopReason}` };
  const review = content.find(({ toolUse }) => toolUse?.name === TOOL)?.toolUse?.input;
  // A model that talks instead is off schema, as the text itself is.
  return { ...provenance, kind: 'text', text: review === undefined ? said : JSON.stringify(review) };
}
