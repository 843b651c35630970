import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { MODEL, promptDataSchema, propose } from './propose.ts';

const requestSchema = z.object({
  input: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
});

/** Characters to a token, about; nothing is billed by it. */
const CHARACTERS_A_TOKEN = 4;

/**
 * The offline reviewer, as OpenAI's Responses API answers.
 * @see https://platform.openai.com/docs/api-reference/responses/object
 */
export function makeResponsesApi(): Hono {
  return new Hono().post('/responses', async (c) => {
    const parsed = requestSchema.safeParse(await c.req.json().catch(() => undefined));
    const data = promptDataSchema.safeParse(
      parsed.success ? jsonOf(parsed.data.input.at(-1)?.content) : undefined,
    );
    if (!data.success) {
      return c.json(
        { error: { type: 'invalid_request_error', message: 'The prompt is not one of review-request.' } },
        400,
      );
    }
    const text = JSON.stringify(propose(data.data));
    const tokens = (words: string) => Math.ceil(words.length / CHARACTERS_A_TOKEN);
    const [input, output] = [tokens(JSON.stringify(data.data)), tokens(text)];
    return c.json({
      id: `resp_${randomUUID().replaceAll('-', '')}`,
      object: 'response',
      created_at: Math.floor(Date.now() / 1000),
      status: 'completed',
      model: MODEL,
      output: [
        {
          type: 'message',
          id: `msg_${randomUUID().replaceAll('-', '')}`,
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        },
      ],
      usage: { input_tokens: input, output_tokens: output, total_tokens: input + output },
    });
  });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
