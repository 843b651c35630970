import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { makeBedrockReviewer } from '../../../lambdas/shared/adapters/reviewer/ask-bedrock.ts';
import { ReviewerUnavailable } from '../../../lambdas/shared/domain/errors.ts';

const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const SECRET = 'never sent';

type Sent = { url: string | undefined; headers: IncomingHttpHeaders; body: Record<string, unknown> };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Bedrock, answering each call alike; `cut` hangs up. */
async function bedrockAnswering(status: number | 'cut', body: unknown, timeoutMs = 5_000) {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    sent.push({ url: request.url, headers: request.headers, body: JSON.parse(await text(request)) });
    if (status === 'cut') return request.socket.destroy();
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': 'bedrock-1' };
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const ask = makeBedrockReviewer({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    model: MODEL,
    credentials: () => ({ accessKeyId: 'AKIATEST', secretAccessKey: SECRET, sessionToken: 'token' }),
    timeoutMs,
  });
  return { ask, sent };
}

const schema = z.strictObject({ approved: z.boolean(), risk: z.enum(['low', 'high']) });
const question = { instructions: 'Review.', input: '{"reason":"r"}', schema, safetyId: 's' };
const review = { approved: true, risk: 'low' };
const answer = (content: unknown[], stopReason = 'tool_use') => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 },
  metrics: { latencyMs: 3 },
});
const toolUse = (input: unknown, name = 'review') => ({ toolUse: { toolUseId: 't', name, input } });

test('one signed call, in which the model must use the tool whose input is the review', async () => {
  const { ask, sent } = await bedrockAnswering(200, answer([{ text: 'I shall.' }, toolUse(review)]));
  expect(await ask(question)).toEqual({
    kind: 'text',
    text: JSON.stringify(review),
    model: MODEL,
    responseId: 'bedrock-1',
    inputTokens: 10,
    outputTokens: 5,
  });
  const [call] = sent;
  expect(call?.url).toBe('/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse');
  expect(call?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-amz-security-token': 'token',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/eu-central-1\/bedrock\/aws4_request/,
    ),
  });
  expect(call?.body).toEqual({
    system: [{ text: 'Review.' }],
    messages: [{ role: 'user', content: [{ text: '{"reason":"r"}' }] }],
    inferenceConfig: { maxTokens: 4_000 },
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: 'review',
            description: 'Hands the review in.',
            inputSchema: {
              json: expect.objectContaining({
                type: 'object',
                required: ['approved', 'risk'],
                additionalProperties: false,
                properties: {
                  approved: { type: 'boolean' },
                  risk: { type: 'string', enum: ['low', 'high'] },
                },
              }),
            },
          },
        },
      ],
      toolChoice: { tool: { name: 'review' } },
    },
  });
  expect(JSON.stringify(sent)).not.toContain(SECRET);
});

test.each<[string, ReturnType<typeof answer>, object]>([
  [
    'a guardrail steps in',
    answer([{ text: 'Sorry.' }], 'guardrail_intervened'),
    { kind: 'refused', detail: 'Sorry.' },
  ],
  ['content is filtered', answer([], 'content_filtered'), { kind: 'refused', detail: 'content_filtered' }],
  [
    'a long refusal',
    answer([{ text: 'x'.repeat(2_000) }], 'content_filtered'),
    { kind: 'refused', detail: 'x'.repeat(600) },
  ],
  [
    'it is cut short',
    answer([toolUse({ approved: true })], 'max_tokens'),
    { kind: 'incomplete', detail: 'the output is incomplete: max_tokens' },
  ],
  [
    'the model talks instead',
    answer([{ text: 'Yes, ' }, { text: 'fine.' }], 'end_turn'),
    { kind: 'text', text: 'Yes, fine.' },
  ],
  ['it uses another tool', answer([toolUse(review, 'other')]), { kind: 'text', text: '' }],
  ['it says nothing', answer([], 'end_turn'), { kind: 'text', text: '' }],
])('%s', async (_, body, expected) => {
  const { ask } = await bedrockAnswering(200, body);
  expect(await ask(question)).toMatchObject(expected);
});

test.each<[string, number | 'cut', unknown]>([
  ['it refuses the role', 403, { message: 'User: arn:aws:sts::1:assumed-role/x is not authorized' }],
  ['it is asked too often', 429, { message: 'slow down' }],
  ['it is down', 503, '<html>'],
  ['it hangs up', 'cut', ''],
  ['it answers no JSON', 200, 'not JSON'],
  ['it answers something else', 200, { Output: {} }],
])('%s: no answer, with a status and nothing of what was said', async (_, status, body) => {
  const { ask } = await bedrockAnswering(status, body);
  const failure = await ask(question).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ReviewerUnavailable);
  const code = status === 'cut' ? 'no answer' : status;
  expect((failure as Error).message).toBe(`the reviewer could not be asked (${code})`);
});

test('a model that takes too long is not waited for', async () => {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const ask = makeBedrockReviewer({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    model: MODEL,
    credentials: () => ({ accessKeyId: 'AKIATEST', secretAccessKey: SECRET }),
    timeoutMs: 20,
  });
  await expect(ask(question)).rejects.toThrow(ReviewerUnavailable);
});
