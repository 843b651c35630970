import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EventMessage, eventMessageSchema } from '../../lambdas/shared/domain/events/event-message.ts';
import { createMovableClock } from '../../sandbox/movable-clock.ts';
import { idleRightsOf } from '../support/idle-rights.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';
import { templateWithWebhooks } from '../support/with-webhooks.ts';

const FIRST = '#any';
const SECOND = '#second';
const HOSTILE =
  'Look <!channel> [here](https://evil.example) \u202Ereversed\u202C for the report of this week.';

const clock = createMovableClock();
let cloud: Cloud;
let slack: SlackOfCloud;
beforeAll(async () => {
  const tier = { approverGroup: 'approvers', timeoutSeconds: 60 };
  cloud = await startCloud({
    template: templateWithWebhooks(),
    bundles: bundles(),
    clock,
    tiers: [
      { ...tier, name: 'access-approvers', channel: FIRST },
      { ...tier, name: 'security-oncall', channel: SECOND },
    ],
  });
  slack = slackOf(cloud);
});
afterAll(() => cloud.close());
beforeEach(() => cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:Query'])));

const ask = async (reason: string) => {
  const { body } = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  return String(body.requestId);
};

/** What a webhook was told of a request, the oldest first. */
const told = (webhook: string, requestId: string) =>
  cloud
    .caughtWebhooks()
    .filter((caught) => caught.webhook === webhook)
    .map(({ body, ...rest }) => ({ ...rest, message: eventMessageSchema.parse(JSON.parse(body)) }))
    .filter(({ message }) => message.data.requestId === requestId)
    .reverse();
const toldOf = (webhook: string, requestId: string, type: EventMessage['type']) =>
  until(
    async () => told(webhook, requestId).find(({ message }) => message.type === type),
    (found) => found !== undefined,
  );

test('a pager is told that people are asked, that the next tier is, and how it ends; a chat of the end alone', async () => {
  const requestId = await ask(HOSTILE);
  const asked = await toldOf('pager', requestId, 'request.asked');
  expect(asked?.isGenuine).toBe(true);
  expect(asked?.message).toMatchObject({
    data: {
      principalId: 'employee1',
      about: 'access',
      summary: 'employee1 wants to READ bank_customer_profiles for 15 min',
      reason:
        'Look <!channel> [here](https://evil.example) \\u{202E}reversed\\u{202C} for the report of this week.',
      onBehalf: false,
      tier: 'access-approvers',
      approvals: 1,
      approvalsWithCode: 0,
      links: {
        slack: 'https://slack.com/app_redirect?channel=any',
        console: `${cloud.urls.console}/requests/${requestId}`,
        command: `postern approve ${requestId}`,
      },
    },
  });
  clock.pass(61);
  const escalated = await toldOf('pager', requestId, 'request.escalated');
  expect(escalated?.message.data).toMatchObject({ tier: 'security-oncall', because: 'timed_out' });
  await slack.click('U0APPROVER1', await slack.message(SECOND, requestId), 'approve');
  const decided = await toldOf('pager', requestId, 'request.decided');
  expect(decided?.message.data).toMatchObject({ outcome: 'approved' });
  await toldOf('chat', requestId, 'request.decided');
  await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});

  const types = (webhook: string) => told(webhook, requestId).map(({ message }) => message.type);
  expect(types('pager')).toEqual(['request.asked', 'request.escalated', 'request.decided']);
  expect(types('chat')).toEqual(['request.decided']);
  // One event has one id, for whomever it is.
  expect(told('chat', requestId)[0]?.id).toBe(decided?.id);
  clock.reset();
});

test('the topic is told the same, by the same ids', async () => {
  const requestId = await ask('Another look at the profiles, for the topic of the test.');
  const asked = await toldOf('pager', requestId, 'request.asked');
  const published = cloud.aws.published().find(({ message }) => message.includes(requestId));
  expect(published).toMatchObject({
    topicArn: expect.stringMatching(/:postern-events$/),
    subject: 'Postern: request.asked',
  });
  expect(JSON.parse(published?.message ?? '')).toEqual(asked?.message);
});

test('an event that comes again, or twice at once, is one delivery', async () => {
  const requestId = await ask('Once more into the profiles, for the events that come twice.');
  await toldOf('pager', requestId, 'request.asked');
  const event = { 'detail-type': 'Request status', detail: { requestId } };
  const again = await Promise.all([1, 2, 3].map(() => cloud.invoke('postern-publish-events', event)));
  expect(again).toEqual([{ published: undefined }, { published: undefined }, { published: undefined }]);
  await cloud.as('employee1')('POST', `/requests/${requestId}/cancel`);
  await Promise.all([1, 2, 3].map(() => cloud.invoke('postern-publish-events', event)));
  await toldOf('chat', requestId, 'request.decided');
  expect(told('pager', requestId).map(({ message }) => message.data)).toMatchObject([
    { tier: 'access-approvers' },
    { outcome: 'cancelled' },
  ]);
});

test('what nobody was asked about is told to nobody', async () => {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const analyst = cloud.as('analyst1');
  const reason = 'The weekly report needs the operational metrics.';
  const { body } = await analyst('POST', '/requests?wait=20', { reason });
  const event = { 'detail-type': 'Request status', detail: { requestId: body.requestId } };
  expect(await cloud.invoke('postern-publish-events', event)).toEqual({ published: undefined });
  expect(JSON.stringify(cloud.caughtWebhooks())).not.toContain(body.requestId);
});

test('no delivery holds a key, a token or a sign-in', () => {
  const all = JSON.stringify([cloud.caughtWebhooks(), cloud.aws.published()]);
  expect(all).not.toMatch(
    /ASIA[A-Z0-9]{16}|AKIA|whsec_|claimToken|taskToken|"sealed"|SigninToken|recipientKey/,
  );
});

test('publishing and delivering may do nothing that they never do', async () => {
  const attributes = { ApproximateReceiveCount: '1' };
  const poison = { messageId: 'x', receiptHandle: 'of nothing', body: '{}', attributes };
  await expect(cloud.invoke('postern-deliver-webhook', { Records: [poison] })).rejects.toThrow('SQS');
  for (const name of ['publish-events', 'deliver-webhook'])
    expect(await idleRightsOf(name, cloud.template, cloud.calls())).toEqual([]);
});
