import { expect, test } from 'vitest';
import { eventOfRow } from '../../../lambdas/events/publish-events/event-of-row.ts';
import { makePublishEvents } from '../../../lambdas/events/publish-events/publish-events.ts';
import { type RequestStatus, requestStatusSchema } from '../../../lambdas/shared/domain/access-request.ts';
import { EVENT_KINDS, eventMessageSchema } from '../../../lambdas/shared/domain/events/event-message.ts';
import type { Delivery } from '../../../lambdas/shared/domain/events/webhook.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { readWording } from '../../../lambdas/shared/messages/read-wording.ts';
import { approvalAsk, askedRow } from '../../support/asked-row.ts';
import { WEBHOOKS } from '../../support/with-webhooks.ts';

const { requestId } = askedRow();
const EVENT = { 'detail-type': 'Request status', detail: { requestId, status: 'whatever it says' } };
const look = { wording: readWording(), consoleUrl: undefined };
const eventOf = (more: Partial<RequestRow> = {}) => eventOfRow(askedRow(more), look);
const later = {
  ...approvalAsk,
  tier: 'security-oncall',
  history: [{ tier: 'access-approvers', endedAt: approvalAsk.deadline, because: 'unreachable' as const }],
};

/** A row that is read, and a queue and a topic that may fail. */
function makeWorld(rows: (RequestRow | undefined)[], failures: { queue?: number; topic?: number } = {}) {
  const queued: (readonly Delivery[])[] = [];
  const topic: { id: string; type: string; body: string }[] = [];
  const noted = new Set<string>();
  let settled = 0;
  const fail = (what: keyof typeof failures) => {
    const left = failures[what] ?? 0;
    if (left > 0) {
      failures[what] = left - 1;
      throw new Error(`${what} is down`);
    }
  };
  const run = makePublishEvents({
    requests: { get: async () => (rows.length > 1 ? rows.shift() : rows[0]) },
    published: {
      has: async (id) => noted.has(id),
      note: async (id) => {
        noted.add(id);
      },
    },
    webhooks: WEBHOOKS,
    queue: {
      async add(_, deliveries) {
        fail('queue');
        queued.push(deliveries);
      },
    },
    async tellTopic(message) {
      fail('topic');
      topic.push(message);
    },
    wording: readWording,
    consoleUrl: undefined,
    async settle() {
      settled += 1;
    },
    log: () => {},
  });
  return { run: () => run(EVENT), queued, topic, settled: () => settled };
}

test('every event has the form that is documented, and every kind comes up', () => {
  const events = [eventOf(), eventOf({ approval: later }), eventOf({ status: 'DENIED' })];
  expect(events.map((event) => event?.message.type)).toEqual(EVENT_KINDS.map((kind) => `request.${kind}`));
  for (const event of events) {
    expect(eventMessageSchema.parse(event?.message)).toEqual(event?.message);
    expect(event?.id).toMatch(/^evt_[0-9a-f]{40}$/);
  }
});

test('each status is an end, is waited in, or is nothing to tell', () => {
  const outcomes = Object.fromEntries(
    requestStatusSchema.options.map((status) => {
      const message = eventOf({ status })?.message;
      return [status, message?.type === 'request.decided' ? message.data.outcome : message?.type];
    }),
  );
  expect(outcomes).toEqual({
    PENDING: undefined,
    AWAITING_APPROVAL: 'request.asked',
    READY: 'approved',
    ISSUED: 'approved',
    APPLIED: 'approved',
    ALLOWED: 'approved',
    EXPIRED: 'approved',
    DENIED: 'denied',
    CANCELLED: 'cancelled',
    FAILED: 'failed',
  });
});

test('an event keeps its name as the request goes on, and another has another', () => {
  const ids = (status: RequestStatus) => eventOf({ status })?.id;
  expect(ids('ISSUED')).toBe(ids('READY'));
  const different = [
    eventOf(),
    eventOf({ approval: later }),
    eventOf({ status: 'READY' }),
    eventOf({ status: 'DENIED' }),
  ];
  expect(new Set(different.map((event) => event?.id)).size).toBe(4);
  const reminded = eventOf({ approval: { ...approvalAsk, reminded: true }, version: 9 });
  expect(reminded).toEqual(eventOf());
});

test('who is acted for is not named, and hostile words are shown and cut', () => {
  const reason = `<script>alert(1)</script> ${'\u202E'.repeat(500)} ${'é'.repeat(1_000)}`;
  const { message } = eventOf({ reason }) ?? {};
  const text = JSON.stringify(message);
  expect(text).not.toContain('c-1042');
  expect(text).not.toContain('\u202E');
  expect(message?.data).toMatchObject({ onBehalf: true });
  expect(message?.data.reason.length).toBe(600);
  expect(text.length).toBeLessThan(2_500);
});

test('nothing in it can be pressed: each link leads to where people act', () => {
  for (const status of ['AWAITING_APPROVAL', 'READY'] as const) {
    const { links } = eventOf({ status })?.message.data ?? {};
    expect(Object.keys(links ?? {}).sort()).toEqual(['command', 'console', 'slack']);
    expect(links?.slack).toBe('https://slack.com/app_redirect?channel=access-approvals');
    expect(links?.console).toMatch(/^https:\/\/eu-central-1\.console\.aws\.amazon\.com\/states\//);
    expect(JSON.stringify(links)).not.toMatch(/token|code=|sign/i);
  }
});

test('an event is queued for each webhook that is told of its kind, and said to the topic', async () => {
  const { run, queued, topic } = makeWorld([askedRow()]);
  const { published } = await run();
  expect(queued).toEqual([[{ webhook: 'pager', id: published, body: topic[0]?.body }]]);
  const decided = makeWorld([askedRow({ status: 'DENIED' })]);
  await decided.run();
  expect(decided.queued[0]?.map(({ webhook }) => webhook)).toEqual(['pager', 'chat']);
});

test('what comes again, after the end too, is told once', async () => {
  const { run, queued } = makeWorld([askedRow()]);
  await run();
  expect(await run()).toEqual({ published: undefined });
  expect(queued).toHaveLength(1);
});

test('two at the same time give it one name and one text, by which the queue takes it once', async () => {
  const { run, queued } = makeWorld([askedRow()]);
  await Promise.all([run(), run()]);
  expect(new Set(queued.map((deliveries) => JSON.stringify(deliveries))).size).toBe(1);
});

test('a request that a window lets through at once wakes nobody', async () => {
  const { run, queued, settled } = makeWorld([askedRow(), askedRow({ status: 'READY' })]);
  expect(await run()).toEqual({ published: undefined });
  expect([queued, settled()]).toEqual([[], 1]);
});

test.each(['queue', 'topic'] as const)(
  'the %s is down: it fails, and is told when it is called again',
  async (what) => {
    const { run, queued, topic } = makeWorld([askedRow()], { [what]: 1 });
    await expect(run()).rejects.toThrow('is down');
    expect((await run()).published).toBeDefined();
    expect(new Set(queued.flat().map(({ id }) => id)).size).toBe(1);
    expect(new Set(topic.map(({ id }) => id)).size).toBe(1);
  },
);

test('a request that nobody was asked about, or that is not there, is nothing to tell', async () => {
  const { asked: _, approval: __, ...alone } = askedRow({ status: 'READY' });
  for (const row of [alone as RequestRow, undefined]) {
    const { run, queued, topic } = makeWorld([row]);
    expect([await run(), queued, topic]).toEqual([{ published: undefined }, [], []]);
  }
});
