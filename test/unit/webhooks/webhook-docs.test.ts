import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeRelay } from '../../../docs/examples/webhooks/relay.ts';
import { eventOfRow } from '../../../lambdas/events/publish-events/event-of-row.ts';
import { eventMessageSchema } from '../../../lambdas/shared/domain/events/event-message.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { WEBHOOK_SCHEMA, webhookEventSchema } from '../../../scripts/config-docs/webhook-event.ts';
import { askedRow } from '../../support/asked-row.ts';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const HOSTILE = '[click](https://evil.example) <at>everyone</at> for the ticket';

let told: { path: string; body: Record<string, unknown> }[] = [];
let status = 202;
let receiver: Server;
let relay: Server;
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    told.push({ path: request.url ?? '', body: JSON.parse(await text(request)) });
    response.writeHead(status).end();
  });
  await listen(receiver);
  const base = urlOf(receiver);
  relay = makeRelay({
    secret: SECRET,
    pagerDutyKey: 'key',
    pagerDutyUrl: `${base}/pager`,
    teamsUrl: `${base}/teams`,
  });
  await listen(relay);
});
afterAll(() => {
  for (const server of [receiver, relay]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  told = [];
  status = 202;
});

const eventOf = (more: Parameters<typeof askedRow>[0] = {}) => {
  const event = eventOfRow(askedRow({ reason: HOSTILE, ...more }), {
    wording: readWording(),
    consoleUrl: undefined,
  });
  if (!event) throw new Error('no event');
  return { id: event.id, body: JSON.stringify(event.message) };
};

async function send({ id, body }: { id: string; body: string }, secret = SECRET): Promise<number> {
  const sentAt = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
  };
  return (await fetch(urlOf(relay), { method: 'POST', headers, body })).status;
}

test('the schema beside the documentation is the one that is sent by', () => {
  expect(readFileSync(WEBHOOK_SCHEMA, 'utf8')).toBe(webhookEventSchema());
});

test('the example in the documentation is an event', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  const examples = [...page.matchAll(/```json\n([^`]*"type": "request[^`]*)```/g)].map(
    ([, json = '']) => json,
  );
  expect(examples).toHaveLength(1);
  for (const json of examples) expect(eventMessageSchema.parse(JSON.parse(json))).toEqual(JSON.parse(json));
});

test('the relay opens one incident a request, and resolves it when it is decided', async () => {
  expect([await send(eventOf()), await send(eventOf({ status: 'DENIED' }))]).toEqual([204, 204]);
  const incidents = told.filter(({ path }) => path === '/pager').map(({ body }) => body);
  expect(incidents).toMatchObject([
    { event_action: 'trigger', dedup_key: askedRow().requestId },
    { event_action: 'resolve', dedup_key: askedRow().requestId },
  ]);
});

test("a requester's words reach Teams as plain text, and no button but one that opens Slack", async () => {
  await send(eventOf({ status: 'CANCELLED' }));
  const card = told.find(({ path }) => path === '/teams')?.body as {
    attachments: { content: { body: object[]; actions: object[] } }[];
  };
  const { body, actions } = card.attachments[0]?.content ?? { body: [], actions: [] };
  expect(JSON.stringify(body)).toContain(HOSTILE);
  expect(body.map((block) => (block as { type: string }).type)).toEqual(Array(3).fill('RichTextBlock'));
  expect(actions).toMatchObject([
    { type: 'Action.OpenUrl', url: expect.stringMatching(/^https:\/\/slack\.com\//) },
  ]);
});

test('what is not signed by the secret is refused, what came before is told once, and a failure asks for it again', async () => {
  const other = `whsec_${Buffer.alloc(32, 4).toString('base64')}`;
  const event = eventOf({ status: 'FAILED' });
  expect(await send(event, other)).toBe(401);
  status = 500;
  expect(await send(event)).toBe(502);
  status = 202;
  expect([await send(event), await send(event)]).toEqual([204, 204]);
  expect(told.filter(({ path }) => path === '/pager')).toHaveLength(2);
});
