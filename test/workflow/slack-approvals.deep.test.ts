import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSession } from '../../demo/use-session.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { proposingProfile, type SlackOfCloud, shownIn, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const ABE = 'U0APPROVER1';
const BEA = 'U0APPROVER2';
const ADA = 'U0ADMIN';
const EMMA = 'U0EMPLOYEE1';
const CHANNEL = '#access-approvals';

let cloud: Cloud;
let slack: SlackOfCloud;
beforeAll(async () => {
  const tier = { timeoutSeconds: 600, approverGroup: 'approvers' };
  cloud = await startCloud({ tiers: [{ ...tier, name: 'access-approvers', channel: CHANNEL }] });
  slack = slackOf(cloud);
  cloud.reviewer.says(proposedTo);
});
afterAll(() => cloud.close());

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  if (principal.id === 'admin') {
    return proposing('bank_user_pool', ['cognito-idp:AdminGetUser', 'cognito-idp:AdminDisableUser'], {
      durationSeconds: slack.ownDuration(),
    });
  }
  if (principal.id === 'customer_support_agent') {
    return proposing('bank_balances', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], { durationSeconds: 1800 });
  }
  return proposingProfile(slack);
}

const changePolicy = {
  kind: 'policy',
  target: 'analyst1',
  proposal: 'Analysts read operational metrics, daily.',
};
type Claimed = { credentials: { secretAccessKey: string; sessionToken: string } };
const profile = { TableName: 'bank_customer_profiles', Key: { user_id: { S: 'c-1042' } } };
const readProfile = (client: DynamoDBClient) => client.send(new GetItemCommand(profile));
const codeOf = (id: string) => totpOf(cloud.access.stepUp[id] ?? '').generate();

describe.concurrent('approval in Slack', () => {
  test('approved: the message says by whom, the requester is told, and the claim works', async () => {
    const requestId = await slack.ask('employee1');
    const message = await slack.message(CHANNEL, requestId);
    expect(message.text).toMatch(/^employee1 wants to READ bank_customer_profiles for 15 min/);
    expect(shownIn(message)).toContain(`/requests/${requestId}`);
    await slack.click(ABE, message, 'approve');
    expect(await slack.told(ABE, `Your approval of ${requestId} is recorded: 1 of 1.`)).toBeTruthy();
    const approved = await slack.shows(CHANNEL, requestId, 'employee1 may READ');
    expect(shownIn(approved)).toContain('by approver1 at ');
    expect(slack.hasButtons(approved)).toBe(false);
    expect(await slack.told(EMMA, `postern claim ${requestId}`)).toContain('granted');
    const claimed = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    expect(claimed.status).toBe(200);
  });

  test('the requester cannot approve, nor can they under another name', async () => {
    const twin = { id: 'auditor1', persons: ['ada'], groups: ['approvers'] };
    const Key = { TableName: 'users_table', Key: { id: 'auditor1' } };
    const { Item } = await cloud.database.send(new GetCommand(Key));
    await cloud.database.send(new PutCommand({ TableName: 'users_table', Item: { ...Item, ...twin } }));
    const requestId = await slack.ask('admin');
    const message = await slack.message(CHANNEL, requestId);
    await slack.click(ADA, message, 'approve');
    await slack.click('U0AUDITOR1', message, 'approve');
    expect(await slack.told(ADA, 'you asked for this yourself')).toBeTruthy();
    expect(await slack.told('U0AUDITOR1', 'you asked for this yourself, under another name')).toBeTruthy();
    expect((await slack.rowOf(requestId)).status).toBe('AWAITING_APPROVAL');
    await cloud.as('admin')('POST', `/requests/${requestId}/cancel`, {});
  });

  test('a double click is one vote', async () => {
    const requestId = await slack.ask('admin', 'changes', {
      ...changePolicy,
      proposal: 'Analysts read operational metrics, weekly.',
    });
    const message = await slack.message(CHANNEL, requestId);
    await Promise.all([slack.click(ABE, message, 'deny'), slack.click(ABE, message, 'deny')]);
    expect((await slack.ended(requestId)).status).toBe('DENIED');
    await slack.click(BEA, message, 'approve');
    expect(await slack.told(BEA, 'Your vote changes nothing')).toContain('denied');
  });

  test('cancelled while waiting: the message says so, and a vote changes nothing', async () => {
    const requestId = await slack.ask('employee1');
    const message = await slack.message(CHANNEL, requestId);
    await cloud.as('employee1')('POST', `/requests/${requestId}/cancel`, {});
    const cancelled = await slack.shows(CHANNEL, requestId, 'Cancelled by its requester.');
    expect(slack.hasButtons(cancelled)).toBe(false);
    await slack.click(BEA, message, 'approve');
    expect(await slack.told(BEA, 'cancelled by its requester at')).toBeTruthy();
    expect((await slack.rowOf(requestId)).status).toBe('CANCELLED');
  });

  test('the very same asked twice at once shares one message, and one answer', async () => {
    const subjectToken = await cloud.subjectToken('c-1042');
    const [first, other] = await Promise.all(
      [1, 2].map(() =>
        slack.ask('customer_support_agent', 'requests', {
          reason: 'Correct the double charge of ticket 512.',
          subjectToken,
        }),
      ),
    );
    const about = () =>
      slack.workspace
        .messagesIn(CHANNEL)
        .filter((message) => shownIn(message).includes('charge of ticket 512'));
    await until(
      async () => shownIn(about()[0]),
      (shown) => shown.includes('1 more request for the very same'),
    );
    expect(about()).toHaveLength(1);
    await slack.click(ABE, about()[0] as never, 'approve');
    expect((await slack.ended(first ?? '')).status).toBe('READY');
    expect((await slack.ended(other ?? '')).status).toBe('READY');
  });

  test('the same access for another reason has a message of its own, and is not let through unseen', async () => {
    const subjectToken = await cloud.subjectToken('c-2077');
    const reasons = {
      seen: 'The address of c-2077 is to be corrected for ticket 512.',
      unseen: 'The address of c-2077, because a friend of mine wants it.',
    };
    const ask = (reason: string) => slack.ask('customer_support_agent', 'requests', { reason, subjectToken });
    const [seen, unseen] = [await ask(reasons.seen), await ask(reasons.unseen)];
    const message = await slack.message(CHANNEL, seen);
    const other = await slack.message(CHANNEL, unseen);
    expect(other.ts).not.toBe(message.ts);
    expect(shownIn(message)).toContain(reasons.seen);
    expect(shownIn(other)).toContain(reasons.unseen);
    await slack.click(ABE, message, 'approve');
    expect((await slack.ended(seen)).status).toBe('READY');
    expect((await slack.rowOf(unseen)).status).toBe('AWAITING_APPROVAL');
    await slack.click(ABE, other, 'deny');
    expect((await slack.ended(unseen)).status).toBe('DENIED');
  });

  test('asked in Slack: told there privately, and claimed by a signed call', async () => {
    await slack.command(EMMA, '/access', 'The profile of c-1042 for R&D <b>, balance < 100 &amp; rising.');
    const asked = await slack.told(EMMA, 'Asked: ');
    const [, requestId = ''] = /Asked: (\S+)\./.exec(asked) ?? [];
    expect(await slack.told(EMMA, `${requestId}: ${CHANNEL} is asked`)).toBeTruthy();
    expect((await slack.rowOf(requestId)).reason).toBe(
      'The profile of c-1042 for R&D <b>, balance < 100 &amp; rising.',
    );
    await slack.click(ABE, await slack.message(CHANNEL, requestId), 'approve');
    expect(await slack.told(EMMA, `postern claim ${requestId}`)).toBeTruthy();
    const claimed = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    expect(claimed.status).toBe(200);
    const whole = JSON.stringify(slack.workspace.all());
    const { secretAccessKey, sessionToken } = (claimed.body as Claimed).credentials;
    expect(whole).not.toContain(secretAccessKey);
    expect(whole).not.toContain(sessionToken);
  });
});

// A person has one modal open at a time.
describe('approval in a modal', () => {
  test('denied with one press; the reason follows, and reaches the requester', async () => {
    const requestId = await slack.ask('employee1');
    await slack.click(ABE, await slack.message(CHANNEL, requestId), 'deny');
    expect(await slack.ended(requestId)).toMatchObject({
      status: 'DENIED',
      closedBecause: 'approval_denied',
    });
    expect(slack.workspace.viewOf(ABE)?.view.callback_id).toBe('deny_reason');
    await slack.submit(ABE, { reason: 'Not without a ticket.' });
    expect(slack.workspace.viewOf(ABE)).toBeUndefined();
    await slack.shows(CHANNEL, requestId, 'Not without a ticket.');
    expect(await slack.told(EMMA, 'Not without a ticket.')).toContain(requestId);
  });

  test('narrowed: the session can do what was approved, and no more', async () => {
    const requestId = await slack.ask('employee1');
    await slack.click(BEA, await slack.message(CHANNEL, requestId), 'narrow');
    await slack.submit(BEA, {
      'grant:bank_customer_profiles': ['dynamodb:GetItem'],
      duration: '900',
      window: '0',
      reason: 'One look is enough.',
    });
    const row = await slack.ended(requestId);
    expect(row.decision?.entitlement).toMatchObject({
      grants: [{ resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] }],
      durationSeconds: 900,
    });
    const shown = await slack.shows(CHANNEL, requestId, 'Asked for:');
    expect(shownIn(shown)).toContain('GetItem, Query on bank_customer_profiles');
    const { body } = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    const session = makeSession(cloud.urls.aws, body);
    expect(await session.try(readProfile)).toBe('works');
    const query = {
      TableName: profile.TableName,
      KeyConditionExpression: 'user_id = :id',
      ExpressionAttributeValues: { ':id': profile.Key.user_id },
    };
    expect(await session.try((client) => client.send(new QueryCommand(query)))).toBe('AccessDeniedException');
    session.close();
  });

  test('revoked in Slack: the next call is denied, and the message says by whom and why', async () => {
    const requestId = await slack.ask('employee1');
    await slack.click(ABE, await slack.message(CHANNEL, requestId), 'approve');
    await slack.ended(requestId);
    const claimed = await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {});
    const session = makeSession(cloud.urls.aws, claimed.body);
    expect(await session.try(readProfile)).toBe('works');
    const issued = await slack.shows(CHANNEL, requestId, 'Revoke…');
    await slack.click(BEA, issued as Message, 'revoke');
    await slack.submit(BEA, { reason: 'The case <!here> is closed.' });
    const revoked = await slack.shows(CHANNEL, requestId, 'approver2 ended the session at ');
    expect(shownIn(revoked)).toContain('The case <!here> is closed.');
    expect(slack.hasButtons(revoked)).toBe(false);
    expect(await session.try(readProfile)).toBe('AccessDeniedException');
    session.close();
    expect((await slack.rowOf(requestId)).revocation).toMatchObject({ by: 'approver2', scope: 'session' });
  });

  test('a code is asked for where the guardrails do, and counts once', async () => {
    const requestId = await slack.ask('admin');
    const message = await slack.message(CHANNEL, requestId);
    expect(shownIn(message)).toContain('0 of 1 with a code');
    await slack.click(ABE, message, 'approve');
    await slack.submit(ABE, { code: '000000' });
    expect(slack.workspace.viewOf(ABE)?.errors.code).toMatch(/wrong/);
    await slack.submit(ABE, { code: codeOf('approver1') });
    expect(slack.workspace.viewOf(ABE)?.errors).toBeUndefined();
    expect((await slack.ended(requestId)).status).toBe('READY');
    await slack.shows(CHANNEL, requestId, 'with a code');
  });

  test('a change takes two; both at once are two, and the message shows the diff', async () => {
    const requestId = await slack.ask('admin', 'changes', changePolicy);
    const message = await slack.message(CHANNEL, requestId);
    expect(shownIn(message)).toContain('+Analysts read operational metrics, daily.');
    await Promise.all([slack.click(ABE, message, 'approve'), slack.click(BEA, message, 'approve')]);
    if (slack.workspace.viewOf(ABE)) await slack.submit(ABE, {});
    if (slack.workspace.viewOf(BEA)) await slack.submit(BEA, { code: codeOf('approver2') });
    expect((await slack.ended(requestId)).status).toBe('APPLIED');
    await slack.shows(CHANNEL, requestId, 'Approved and applied.');
  });
});
