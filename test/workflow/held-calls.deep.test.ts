import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, shownIn, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';

const AGENT = 'customer_support_agent';
const REASON = 'The customer wants a ticket about a card that does not arrive.';
const TABLE = 'support_requests';
const CHANNEL = '#access-approvals';
const RULES = `
@id("new-tickets-need-a-person")
forbid (principal, action == Action::"dynamodb:PutItem", resource)
unless { context.approvals >= 1 };
`;

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  cloud = await startCloud({ gatewayPort: 0, gatewayRules: RULES });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  cloud.reviewer.says(proposing(TABLE, ['dynamodb:GetItem', 'dynamodb:PutItem']));
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

async function open() {
  const subjectToken = await cloud.subjectToken('c-1042');
  const { body } = await cloud.as(AGENT)('POST', '/delegations', { reason: REASON, subjectToken });
  const url = cloud.urls.gateway ?? '';
  const answer = await fetch(`${url}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation: body.delegation }),
  });
  const { sessionId, accessKeyId, secretAccessKey, sessionToken } = (await answer.json()) as Record<
    string,
    string
  >;
  const credentials = { accessKeyId, secretAccessKey, sessionToken } as {
    accessKeyId: string;
    secretAccessKey: string;
  };
  return {
    sessionId: String(sessionId),
    client: new DynamoDBClient({ endpoint: url, region: REGION, credentials, maxAttempts: 1 }),
  };
}
const ticket = (subject: string) =>
  new PutItemCommand({
    TableName: TABLE,
    Item: { user_id: { S: 'c-1042' }, ticket_id: { S: '990' }, subject: { S: subject } },
  });
const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'works',
    (error: Error) => error.name,
  );
/** The newest request of the agent's that people are asked about. */
const waiting = () =>
  until(
    async () => {
      const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
      const { body } = await cloud.as('auditor1')('GET', path);
      return (body.requests as { requestId: string; call?: { operation: string } }[])[0];
    },
    (found) => found?.call !== undefined,
  ).then((found) => found?.requestId ?? '');

describe('one call that a rule leaves to people', () => {
  test('is approved in Slack, where it is shown with its parameters, and made once', async () => {
    const { sessionId, client } = await open();
    const subject = '<!channel> *fine*\u202E';
    const answered = client.send(ticket(subject));
    const requestId = await waiting();
    const message = await slack.message(CHANNEL, requestId);
    expect(message.text).toContain(`${AGENT} wants to CALL dynamodb:PutItem on table/${TABLE}`);
    expect(shownIn(message)).toContain('\\"S\\": \\"990\\"');
    expect(shownIn(message)).not.toMatch(/\u202E/);
    await slack.click('U0APPROVER1', message, 'approve');
    await answered;
    const events = await cloud.historyOf(requestId);
    expect(statesIn(events)).toEqual([
      ...['LoadPolicy', 'ReviewRequest', 'ValidateDecision', 'RouteVerdict', 'RequestApproval', 'TallyVotes'],
      ...['ValidateDecision', 'RouteVerdict', 'WriteOutcome', 'RouteOutcome', 'Allowed'],
    ]);
    const records = await until(
      async () =>
        (await cloud.as(AGENT)('GET', `/gateway-sessions/${sessionId}/calls`)).body.calls as CallRecord[],
      ({ length }) => length === 4,
    );
    expect(records.map(({ event, facts }) => [event, facts.approval])).toEqual([
      ['opened', undefined],
      ...['held', 'intent', 'outcome'].map((event) => [event, requestId]),
    ]);
    const again = errorOf(client.send(ticket(subject)));
    const next = await waiting();
    expect(next).not.toBe(requestId);
    await slack.click('U0APPROVER1', await slack.message(CHANNEL, next), 'deny');
    expect(await again).toBe('AccessDeniedException');
  });

  test('is shown, approved and told by the command line', async () => {
    const { sessionId, client } = await open();
    const answered = client.send(ticket('My card does not arrive'));
    const requestId = await waiting();
    const code = totpOf(cloud.access.stepUp.approver1 ?? '').generate();
    const listed = await postern.run('approver1', ['approvals']);
    expect(listed.out).toContain(`calls      dynamodb:PutItem in ${REGION}`);
    expect(listed.out).toContain('"S": "My card does not arrive"');
    const windowed = await postern.run('approver1', [
      'approve',
      requestId,
      '--window',
      '3600',
      '--code',
      code,
    ]);
    expect([windowed.code === 0, windowed.err]).toEqual([false, expect.stringContaining('as it is, once')]);
    const approved = await postern.run('approver1', ['approve', requestId, '--code', code]);
    expect(approved.out).toContain(`Your approval of ${requestId} is recorded: 1 of 1.`);
    await answered;
    const calls = await postern.run(AGENT, ['calls', sessionId]);
    expect(calls.out).toMatch(new RegExp(`held .*dynamodb:PutItem .*people are asked ${requestId}`));
    const status = await postern.run('auditor1', ['status', requestId]);
    expect(status.out).toContain('ALLOWED');
    const story = await cloud.as('auditor1')('GET', `/requests/${requestId}`);
    expect(story.body).not.toHaveProperty('seal');
  });

  test('whose approvers Slack cannot tell is denied, and nothing is made', async () => {
    const { client } = await open();
    slack.fail('*', 'channel_not_found');
    expect(await errorOf(client.send(ticket('Nobody hears of it')))).toBe('AccessDeniedException');
    slack.heal();
    const { body } = await cloud.as('auditor1')('GET', `/requests?principal=${AGENT}&status=DENIED`);
    expect(body.requests).toContainEqual(
      expect.objectContaining({
        closedBecause: 'approval_unreachable',
        call: expect.objectContaining({ operation: 'PutItem' }),
      }),
    );
  });
});
