import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMovableClock } from '../../sandbox/movable-clock.ts';
import { proposingProfile, type SlackOfCloud, shownIn, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';

const ABE = 'U0APPROVER1';
const BEA = 'U0APPROVER2';
const EMMA = 'U0EMPLOYEE1';
const FIRST = '#access-approvals';
const SECOND = '#security-oncall';

/** Half a minute and more for every press, however busy the machine is; silence passes when a test says so. */
const TIER_SECONDS = 100;
const REMINDER_SECONDS = 50;

const clock = createMovableClock();
let cloud: Cloud;
let slack: SlackOfCloud;
beforeAll(async () => {
  cloud = await startCloud({
    clock,
    tiers: [
      {
        name: 'access-approvers',
        channel: FIRST,
        approverGroup: 'approvers',
        timeoutSeconds: TIER_SECONDS,
        reminderSeconds: REMINDER_SECONDS,
      },
      {
        name: 'security-oncall',
        channel: SECOND,
        approverGroup: 'security',
        timeoutSeconds: TIER_SECONDS,
      },
    ],
  });
  slack = slackOf(cloud);
  cloud.reviewer.says(() => proposingProfile(slack));
});
afterAll(() => cloud.close());
afterEach(() => clock.reset());

/** Lets the first tier's time pass: its reminder, told in the thread of this message, and then its deadline. */
async function firstIsSilent(requestId: string): Promise<string> {
  const { ts } = await slack.message(FIRST, requestId);
  clock.pass(REMINDER_SECONDS);
  const reminder = await until(
    async () => slack.workspace.messagesIn(FIRST).find(({ threadTs }) => threadTs === ts),
    (found) => found !== undefined,
  );
  clock.pass(TIER_SECONDS - REMINDER_SECONDS);
  return reminder?.text ?? '';
}

// One after the other: the time that passes is everybody's.
describe('escalation in Slack', () => {
  test('reminded, moved on, approved in the second tier; a vote on the old message changes nothing', async () => {
    const requestId = await slack.ask('employee1');
    const first = await slack.message(FIRST, requestId);
    expect(first.text).toMatch(/Moves to #security-oncall at \d\d:\d\d UTC\. Denied at/);
    expect(await firstIsSilent(requestId)).toContain('Still waiting for an answer.');
    const second = await slack.message(SECOND, requestId);
    expect(shownIn(second)).toContain('#access-approvals: no answer until ');
    const left = await slack.shows(FIRST, requestId, 'No answer here: asked in #security-oncall now.');
    expect(slack.hasButtons(left)).toBe(false);
    // Pressed before the message was drawn anew.
    await slack.click(ABE, first, 'approve');
    expect(
      await slack.told(ABE, 'Nobody answered here in time: #security-oncall is asked now.'),
    ).toBeTruthy();
    expect((await slack.rowOf(requestId)).status).toBe('AWAITING_APPROVAL');
    await slack.click(BEA, second, 'approve');
    expect((await slack.ended(requestId)).status).toBe('READY');
    await slack.shows(FIRST, requestId, 'employee1 may READ');
    await slack.shows(SECOND, requestId, 'employee1 may READ');
  });

  test('every tier silent: denied, and the requester is told', async () => {
    const requestId = await slack.ask('employee1');
    await firstIsSilent(requestId);
    await slack.message(SECOND, requestId);
    clock.pass(TIER_SECONDS);
    expect(await slack.ended(requestId)).toMatchObject({
      status: 'DENIED',
      closedBecause: 'approval_timed_out',
    });
    expect(await slack.told(EMMA, `${requestId}: denied.`)).toBeTruthy();
    const denied = await slack.shows(SECOND, requestId, 'may not READ');
    expect(slack.hasButtons(denied)).toBe(false);
  });

  test('who may approve in the second tier alone is not heard in the first', async () => {
    const requestId = await slack.ask('employee1');
    await slack.click('U0ANALYST1', await slack.message(FIRST, requestId), 'approve');
    expect(
      await slack.told('U0ANALYST1', 'you are not one of the approvers who are asked here'),
    ).toBeTruthy();
    const { Item } = await cloud.database.send(
      new GetCommand({ TableName: 'postern_requests', Key: { requestId } }),
    );
    expect(Item?.status).toBe('AWAITING_APPROVAL');
    await cloud.as('employee1')('POST', `/requests/${requestId}/cancel`, {});
  });
});

describe('Slack is down', () => {
  test('for one tier: the next is asked, and the message says why', async () => {
    slack.fail('chat.postMessage', 'channel_not_found', { channel: FIRST });
    const requestId = await slack.ask('employee1');
    const second = await slack.message(SECOND, requestId);
    slack.heal();
    expect(shownIn(second)).toContain('#access-approvals: could not be reached until ');
    await slack.click(BEA, second, 'approve');
    expect((await slack.ended(requestId)).status).toBe('READY');
  });

  test('altogether: denied, without a session', async () => {
    slack.fail('*', 'internal_error');
    const { body } = await cloud.as('employee1')('POST', '/requests?wait=20', {
      reason: 'I need the profile of a customer for the case at hand.',
    });
    const row = await slack.ended(String(body.requestId));
    slack.heal();
    expect(row).toMatchObject({ status: 'DENIED', closedBecause: 'approval_unreachable' });
    expect(statesIn(await cloud.historyOf(row.requestId))).not.toContain('AssumeRole');
  });

  test('for a moment: the same message, a moment later', async () => {
    slack.fail('chat.postMessage', 'ratelimited', { times: 1 });
    const requestId = await slack.ask('employee1');
    await slack.click(ABE, await slack.message(FIRST, requestId), 'approve');
    expect((await slack.ended(requestId)).status).toBe('READY');
  });
});
