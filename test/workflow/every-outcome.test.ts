import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRecipientKeyPair } from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { openCredentials } from '../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

const METRICS = 'bank_operational_metrics';
const metrics = proposing(METRICS, ['dynamodb:Query']);
const reason = 'The weekly report needs the operational metrics.';
beforeEach(() => cloud.reviewer.says(metrics));

const ask = (as: string, body: Record<string, unknown> = {}, query = '?wait=20') =>
  cloud.as(as)('POST', `/requests${query}`, { reason, ...body });

/** Asks, and answers the request once its execution has ended. */
async function askToTheEnd(as: string, body: Record<string, unknown> = {}) {
  const { body: asked } = await ask(as, body);
  const requestId = String(asked.requestId);
  const ended = await until(
    async () => (await cloud.as(as)('GET', `/requests/${requestId}`)).body,
    ({ status }) => !['PENDING', 'AWAITING_APPROVAL'].includes(String(status)),
  );
  return { requestId, ended, states: statesIn(await cloud.historyOf(requestId)) };
}

describe('granted', () => {
  test('the path of a grant, in at most nine transitions', async () => {
    const { body } = await ask('analyst1');
    const requestId = String(body.requestId);
    expect(body.status).toBe('READY');
    const claimed = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
    expect(claimed.status).toBe(200);
    const events = await until(
      () => cloud.historyOf(requestId),
      (all) => all.at(-1)?.type === 'ExecutionSucceeded',
    );
    expect(statesIn(events)).toEqual([
      'LoadPolicy',
      'ReviewRequest',
      'ValidateDecision',
      'RouteVerdict',
      'AwaitClaim',
      'AssumeRole',
      'WriteLog',
      'Issued',
    ]);
    expect(statesIn(events).length + 1).toBeLessThanOrEqual(9);
    expect(JSON.parse(events.at(-1)?.executionSucceededEventDetails?.output ?? '')).toEqual({
      requestId,
      outcome: 'issued',
      reason: 'issued',
    });
  });

  test('claimed with the request: minted at once, in eight transitions, for that key and for five minutes', async () => {
    const { publicKey: recipientKey, privateKey } = await makeRecipientKeyPair();
    const { body } = await ask('analyst1', { recipientKey });
    const requestId = String(body.requestId);
    expect(body.status).toBe('ISSUED');
    const states = statesIn(await cloud.historyOf(requestId));
    expect(states).not.toContain('AwaitClaim');
    expect(states.length + 1).toBeLessThanOrEqual(8);
    // Its caller may have gone meanwhile: whoever has the key's other half fetches it, and nobody else.
    const claim = (key: object) =>
      cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, { recipientKey: key });
    const { publicKey: anotherKey } = await makeRecipientKeyPair();
    expect((await claim(anotherKey)).body).toMatchObject({ code: 'already_claimed' });
    const fetched = await claim(recipientKey);
    const opened = await openCredentials(privateKey, String(fetched.body.sealed), requestId);
    expect(opened.accessKeyId).toMatch(/^ASIA/);
  });

  test('asked, claimed and answered in one call', async () => {
    const { publicKey: recipientKey, privateKey } = await makeRecipientKeyPair();
    const { status, body } = await cloud.as('analyst1')('POST', '/credentials', { reason, recipientKey });
    expect(status).toBe(200);
    const [header = ''] = String(body.sealed).split('.');
    const { requestId } = JSON.parse(Buffer.from(header, 'base64url').toString());
    expect((await openCredentials(privateKey, String(body.sealed), requestId)).accessKeyId).toMatch(/^ASIA/);
    expect(statesIn(await cloud.historyOf(requestId))).not.toContain('AwaitClaim');
  });

  test('a model that mends its proposal after feedback', async () => {
    cloud.reviewer.says({ text: 'no proposal' }, { refusal: 'no' }, metrics);
    const { body } = await ask('analyst1');
    expect([body.status, cloud.reviewer.asked]).toEqual(['READY', 3]);
  });
});

describe('denied', () => {
  test.each([
    [
      'the reviewer does not approve',
      'analyst1',
      proposing(METRICS, [], { approved: false }),
      'review_not_approved',
      1,
    ],
    [
      'the guardrails forbid it for this long',
      'customer_support_agent',
      proposing('bank_balances', ['dynamodb:GetItem']),
      'review_not_approved',
      0,
    ],
    ['a model that refuses, three times', 'analyst1', { refusal: 'I will not.' }, 'review_refused', 3],
    ['a model off schema, three times', 'analyst1', { text: { approved: 'yes' } }, 'review_malformed', 3],
    [
      'a pair that the schema does not hold',
      'analyst1',
      proposing('policy_table', ['dynamodb:PutItem']),
      'review_malformed',
      3,
    ],
    ['a principal that is suspended', 'suspended1', metrics, 'principal_suspended', 0],
  ] as const)('%s', async (_, as, line, because, asked) => {
    cloud.reviewer.says(line);
    const { ended, states } = await askToTheEnd(as);
    expect(ended).toMatchObject({ status: 'DENIED', closedBecause: because });
    expect(cloud.reviewer.asked).toBe(asked);
    expect(states.slice(-3)).toEqual(['WriteOutcome', 'RouteOutcome', 'Denied']);
  });
});

describe('failed', () => {
  test('a reviewer that is down: retried, then FAILED, and no denial', async () => {
    cloud.reviewer.says({ status: 500 });
    const { ended, requestId } = await askToTheEnd('analyst1');
    expect(ended).toMatchObject({ status: 'FAILED', closedBecause: 'reviewer_unavailable' });
    expect(cloud.reviewer.asked).toBe(3);
    const last = (await cloud.historyOf(requestId)).at(-1);
    expect([last?.type, last?.executionFailedEventDetails?.error]).toEqual([
      'ExecutionFailed',
      'reviewer_unavailable',
    ]);
  });

  test('a reviewer that is down once: granted all the same', async () => {
    cloud.reviewer.says('cut', metrics);
    expect((await askToTheEnd('analyst1')).ended.status).toBe('READY');
  });
});

test('a dry run has its verdict, and mints nothing', async () => {
  const { body } = await cloud.as('analyst1')('POST', '/requests?dryRun=true', { reason });
  expect(body).toMatchObject({
    status: 'CANCELLED',
    closedBecause: 'dry_run',
    decision: { outcome: 'grant' },
  });
  expect(statesIn(await cloud.historyOf(String(body.requestId))).at(-1)).toBe('Cancelled');
});

test('cancelled while it waits for its claim: closed, recorded, and not to be claimed', async () => {
  const requestId = String((await ask('analyst1')).body.requestId);
  const cancelled = await cloud.as('analyst1')('POST', `/requests/${requestId}/cancel`);
  expect(cancelled.body.status).toBe('CANCELLED');
  const claimed = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
  expect([claimed.status, claimed.body.code]).toEqual([410, 'request_cancelled']);
  const history = await cloud.historyOf(requestId);
  expect(history.at(-1)?.type).toBe('ExecutionAborted');
});

test('two claims at once: one session', async () => {
  const requestId = String((await ask('analyst1')).body.requestId);
  const claim = () => cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
  const statuses = (await Promise.all([claim(), claim(), claim()])).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 409, 409]);
});

test("a request is its own requester's, and an auditor's to read", async () => {
  const requestId = String((await ask('analyst1')).body.requestId);
  const path = `/requests/${requestId}`;
  expect((await cloud.as('employee1')('GET', path)).status).toBe(404);
  expect((await cloud.as('employee1')('POST', `${path}/credentials`, {})).status).toBe(404);
  expect((await cloud.as('auditor1')('GET', path)).status).toBe(200);
});
