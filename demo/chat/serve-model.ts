import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';
import { messagesSchema, nextTurn, type Turn } from './next-turn.ts';

/** Who answers: shown wherever an answer is. */
const SUPPORT_MODEL = 'offline-support-rules';

const requestSchema = z.object({ messages: messagesSchema, stream: z.boolean().nullish() });

/**
 * The offline support agent's model, as OpenAI's Chat Completions API answers, in one piece or streamed.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function makeChatApi(): Hono {
  return new Hono().post('/chat/completions', async (c) => {
    const parsed = requestSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) {
      const message = "This model answers the support agent's conversations only.";
      return c.json({ error: { type: 'invalid_request_error', message } }, 400);
    }
    const turn = nextTurn(parsed.data.messages);
    const about = {
      id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
      created: Math.floor(Date.now() / 1000),
      model: SUPPORT_MODEL,
    };
    const finish_reason = 'text' in turn ? 'stop' : 'tool_calls';
    if (!parsed.data.stream) {
      const choice = { index: 0, message: messageOf(turn), finish_reason, logprobs: null };
      return c.json({ ...about, object: 'chat.completion', choices: [choice] });
    }
    return streamSSE(c, async (stream) => {
      const send = (delta: object, finish: string | null = null) =>
        stream.writeSSE({
          data: JSON.stringify({
            ...about,
            object: 'chat.completion.chunk',
            choices: [{ index: 0, delta, finish_reason: finish }],
          }),
        });
      for (const delta of deltasOf(turn)) await send(delta);
      await send({}, finish_reason);
      await stream.writeSSE({ data: '[DONE]' });
    });
  });
}

const callOf = ({ name, arguments: input }: Exclude<Turn, { text: string }>) => ({
  id: `call_${randomUUID().replaceAll('-', '')}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(input) },
});

const messageOf = (turn: Turn) =>
  'text' in turn
    ? { role: 'assistant', content: turn.text, refusal: null }
    : { role: 'assistant', content: null, refusal: null, tool_calls: [callOf(turn)] };

/** A text word by word; a call with its name first and its arguments after, as models stream them. */
function deltasOf(turn: Turn): object[] {
  if ('text' in turn) {
    const words = turn.text.split(/(?<= )/);
    return [{ role: 'assistant', content: '' }, ...words.map((content) => ({ content }))];
  }
  const { function: named, ...call } = callOf(turn);
  return [
    { role: 'assistant', tool_calls: [{ index: 0, ...call, function: { name: named.name, arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: named.arguments } }] },
  ];
}
