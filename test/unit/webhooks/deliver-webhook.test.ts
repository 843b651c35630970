import { Webhook as Verifier } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { makeDeliverWebhook } from '../../../lambdas/events/deliver-webhook/deliver-webhook.ts';
import { MOST_TRIES, retryDelayOf } from '../../../lambdas/events/deliver-webhook/retry-delay.ts';
import { makeSignWebhook } from '../../../lambdas/shared/adapters/webhooks/sign-webhook.ts';
import { WEBHOOKS } from '../../support/with-webhooks.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLDER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const BODY = '{"type":"request.asked"}';

type Sent = { webhook: string; headers: Record<string, string>; body: string };

/** Receivers that answer these statuses, or fail with these errors, one after the other. */
function makeWorld(answers: (number | Error)[], secret: unknown = { pager: SECRET, chat: OLDER }) {
  const sent: Sent[] = [];
  const postponed: [string, number][] = [];
  const noted: unknown[] = [];
  const run = makeDeliverWebhook({
    webhooks: WEBHOOKS,
    sign: makeSignWebhook({
      secrets: { read: async () => (typeof secret === 'string' ? secret : JSON.stringify(secret)) },
      secretId: () => 'arn',
    }),
    async post({ name: webhook }, headers, body) {
      sent.push({ webhook, headers: { ...headers }, body });
      const answer = answers.shift() ?? 204;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    queue: {
      async postpone(receipt, seconds) {
        postponed.push([receipt, seconds]);
      },
    },
    clock: () => new Date(),
    log: (fields) => noted.push(fields),
    warn: (fields) => noted.push(fields),
  });
  return { run, sent, postponed, noted };
}

/** What was sent, where it was sent once. */
function theOnly(sent: readonly Sent[]): Sent {
  const [first, ...more] = sent;
  if (!first || more.length > 0) throw new Error(`${sent.length} deliveries`);
  return first;
}

const record = (index: number, { tries = 1, webhook = 'pager' } = {}) => ({
  messageId: `m${index}`,
  receiptHandle: `r${index}`,
  body: JSON.stringify({ webhook, id: `evt_${index}`, body: BODY }),
  attributes: { ApproximateReceiveCount: String(tries) },
});

test('a delivery carries what the library verifies, and counts with any 2xx', async () => {
  const { run, sent, postponed } = makeWorld([202]);
  expect(await run({ Records: [record(1)] })).toEqual({ batchItemFailures: [] });
  const { headers, body } = theOnly(sent);
  expect(new Verifier(SECRET).verify(body, headers)).toEqual({ type: 'request.asked' });
  expect(headers['webhook-id']).toBe('evt_1');
  expect(() => new Verifier(OLDER).verify(body, headers)).toThrow();
  expect(() => new Verifier(SECRET).verify(`${body} `, headers)).toThrow();
  expect(postponed).toEqual([]);
});

test.each([302, 400, 401, 404, 410, 429, 500, 503])('%i is tried again, later', async (status) => {
  const { run, postponed } = makeWorld([status]);
  expect(await run({ Records: [record(1)] })).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  expect(postponed).toEqual([['r1', 5]]);
});

test('so is a receiver that does not answer; each try waits longer, with the same id and a time of its own', async () => {
  const down = Array.from({ length: MOST_TRIES }, () => new Error('connect ECONNREFUSED'));
  const { run, sent, postponed } = makeWorld(down);
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) await run({ Records: [record(1, { tries })] });
  const seconds = postponed.map(([, waited]) => waited);
  expect(seconds).toEqual([...seconds].sort((left, right) => left - right));
  expect(seconds[0]).toBe(5);
  // Well within what the queue holds, and past what any tier waits.
  expect(seconds.slice(0, -1).reduce((sum, waited) => sum + waited, 0)).toBeLessThan(86_400 / 2);
  expect(new Set(sent.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_1']));
  expect(retryDelayOf(1_000)).toBe(3600);
});

test('what waits behind a failure is not tried before it', async () => {
  const { run, sent } = makeWorld([204, 500]);
  const Records = [1, 2, 3].map((index) => record(index));
  expect(await run({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
  });
  expect(sent).toHaveLength(2);
});

test('a webhook that is configured no more is passed over, and said so', async () => {
  const { run, sent, noted } = makeWorld([]);
  expect(await run({ Records: [record(1, { webhook: 'gone' })] })).toEqual({ batchItemFailures: [] });
  expect([sent, noted]).toEqual([
    [],
    [{ webhook: 'gone', eventId: 'evt_1', because: 'the webhook is no longer configured' }],
  ]);
});

test('while a secret is replaced, a delivery verifies with either', async () => {
  const { run, sent } = makeWorld([], { pager: [SECRET, OLDER] });
  await run({ Records: [record(1)] });
  const { headers, body } = theOnly(sent);
  for (const secret of [SECRET, OLDER])
    expect(new Verifier(secret).verify(body, headers)).toEqual({ type: 'request.asked' });
});

test.each([
  ['no secret of its own', { chat: OLDER }],
  ['no secret at all', 'none yet'],
  ['a secret that is too short', { pager: 'whsec_c2hvcnQ=' }],
  ['an inherited name', '{"__proto__":{"pager":"x"}}'],
])('without a signature nothing goes out: %s', async (_, secret) => {
  const { run, sent, noted } = makeWorld([], secret);
  expect((await run({ Records: [record(1)] })).batchItemFailures).toHaveLength(1);
  expect(sent).toEqual([]);
  expect(JSON.stringify(noted)).not.toContain('whsec_c');
});

test('what is no delivery goes back to the queue, and to the dead letters in the end', async () => {
  const { run, postponed } = makeWorld([]);
  const poison = { ...record(1), body: '{"webhook":"pager"}' };
  expect((await run({ Records: [poison] })).batchItemFailures).toHaveLength(1);
  expect(postponed).toHaveLength(1);
});
