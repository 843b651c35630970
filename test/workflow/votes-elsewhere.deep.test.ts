import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { unusedCodes } from '../support/unused-codes.ts';

const CHANNEL = '#access-approvals';
const AGENT_REASON = 'The customer wants a wrong booking of their account corrected.';

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  const tier = { timeoutSeconds: 600, approverGroup: 'approvers' };
  cloud = await startCloud({ tiers: [{ ...tier, name: 'access-approvers', channel: CHANNEL }] });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  cloud.reviewer.says(proposedTo);
});
afterAll(async () => {
  postern.close();
  await cloud.close();
});

function proposedTo({ principal }: Asked): Line {
  const durationSeconds = slack.ownDuration();
  return principal.id === 'employee1'
    ? proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], { durationSeconds })
    : proposing('bank_balances', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], { durationSeconds });
}

const freshCode = unusedCodes(() => cloud.access.stepUp);
const digestOf = async (as: string, requestId: string) =>
  String((await cloud.as(as)('GET', `/requests/${requestId}/votes`)).body.proposalDigest);
const statusOf = async (requestId: string) => (await slack.rowOf(requestId)).status;
const decided = (requestId: string) =>
  until(
    () => statusOf(requestId),
    (status) => status !== 'AWAITING_APPROVAL',
  );

test('an approver lists what waits, and approves it by the command line, with a code', async () => {
  const requestId = await slack.ask('employee1');
  const listed = await postern.run('approver1', ['approvals']);
  expect(listed.out).toContain(requestId);
  expect(listed.out).toMatch(/who +employee1/);
  const voted = await postern.run('approver1', ['approve', requestId, '--code', freshCode('approver1')]);
  expect([voted.code, voted.out.trim()]).toEqual([0, `Your approval of ${requestId} is recorded: 1 of 1.`]);
  expect(await decided(requestId)).toBe('READY');
  await slack.shows(CHANNEL, requestId, 'employee1 may READ');
  expect((await cloud.as('employee1')('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);
  const again = await postern.run('approver1', ['approve', requestId, '--code', '123456']);
  expect(again.code).not.toBe(0);
});

test('an approval by the command line and one in Slack race, by one person: one counts', async () => {
  const requestId = await slack.ask('employee1');
  const message = await slack.message(CHANNEL, requestId);
  const proposalDigest = await digestOf('approver2', requestId);
  const code = freshCode('approver2');
  await Promise.all([
    cloud.withToken('approver2')('POST', `/requests/${requestId}/votes`, {
      decision: 'approve',
      proposalDigest,
      code,
    }),
    slack.click('U0APPROVER2', message, 'approve'),
  ]);
  expect(await decided(requestId)).toBe('READY');
  const { Items } = { Items: (await slack.rowOf(requestId)).decision?.reasons ?? [] };
  expect(Items.map((reason) => reason.code)).toContain('approved');
  const votes = new GetCommand({
    TableName: 'postern_approvals',
    Key: { requestId, item: `vote#${proposalDigest}#bea` },
  });
  expect((await cloud.database.send(votes)).Item).toMatchObject({ decision: 'approve', person: 'bea' });
});

test('less is approved, and never more', async () => {
  const requestId = await slack.ask('employee1');
  const more = { resource: 'bank_balances', actions: ['dynamodb:GetItem'] };
  const proposalDigest = await digestOf('approver1', requestId);
  const vote = (narrowing: unknown, code: string) =>
    cloud.as('approver1')('POST', `/requests/${requestId}/votes`, {
      decision: 'approve_less',
      proposalDigest,
      code,
      narrowing,
    });
  for (const narrowing of [{ grants: [more] }, { durationSeconds: 3600 }, {}])
    expect((await vote(narrowing, '000000')).body.code).toBe('invalid_request');
  const ran = await postern.run('approver1', [
    'narrow',
    requestId,
    '--keep',
    'bank_customer_profiles=dynamodb:GetItem',
    '--code',
    freshCode('approver1'),
  ]);
  expect(ran.code).toBe(0);
  expect(await decided(requestId)).toBe('READY');
  expect((await slack.rowOf(requestId)).decision?.entitlement?.grants).toEqual([
    { resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] },
  ]);
});

test('a denial ends it, and says why', async () => {
  const requestId = await slack.ask('employee1');
  const ran = await postern.run('approver2', [
    'deny',
    requestId,
    '--reason',
    'Not this week.',
    '--code',
    freshCode('approver2'),
  ]);
  expect(ran.out).toContain('it is denied');
  expect(await decided(requestId)).toBe('DENIED');
  const { body } = await cloud.as('employee1')('GET', `/requests/${requestId}`);
  expect(JSON.stringify(body.deniedBy)).toContain('Not this week.');
});

test('without a code that counts, for another proposal, or by who asks, nothing is voted', async () => {
  const requestId = await slack.ask('employee1');
  const proposalDigest = await digestOf('approver1', requestId);
  const vote = async (as: string, more: Record<string, unknown>) =>
    (
      await cloud.withToken(as)('POST', `/requests/${requestId}/votes`, {
        decision: 'approve',
        proposalDigest,
        code: '000000',
        ...more,
      })
    ).body.code;
  expect(await vote('approver1', {})).toBe('code_refused');
  expect(await vote('approver1', { code: undefined })).toBe('invalid_request');
  expect(await vote('approver1', { proposalDigest: 'sha256:another' })).toBe('vote_too_late');
  expect(await vote('employee1', {})).toBe('vote_refused');
  // For whom nobody asks anything it is not there, whatever they send.
  for (const stranger of ['analyst1', 'auditor1', 'suspended1'])
    expect([stranger, await vote(stranger, {})]).toEqual([stranger, 'request_not_found']);
  expect((await cloud.as('analyst1')('GET', `/requests/${requestId}/votes`)).status).toBe(404);
  expect((await cloud.as('analyst1')('GET', '/approvals')).body).toEqual({ approvals: [] });
  expect(await statusOf(requestId)).toBe('AWAITING_APPROVAL');
  await cloud.as('employee1')('POST', `/requests/${requestId}/cancel`);
});

test('who asks under another name, and on whose behalf it is asked, never approve it', async () => {
  const Key = { TableName: 'users_table', Key: { id: 'approver1' } };
  const { Item: approver } = await cloud.database.send(new GetCommand(Key));
  const issuer = `${cloud.urls.console}/issuer`;
  const signIn = [...(approver?.signIn ?? []), { issuer, subject: 'c-1042' }];
  await cloud.database.send(new PutCommand({ TableName: 'users_table', Item: { ...approver, signIn } }));
  const agent = cloud.withToken('customer_support_agent', { subject: 'c-1042' });
  const { body } = await agent('POST', '/requests?wait=20', { reason: AGENT_REASON });
  expect(body.status).toBe('AWAITING_APPROVAL');
  const requestId = String(body.requestId);
  const vote = (as: string, proposalDigest: string) =>
    cloud.as(as)('POST', `/requests/${requestId}/votes`, {
      decision: 'approve',
      proposalDigest,
      code: '000000',
    });
  const proposalDigest = await digestOf('approver2', requestId);
  expect((await vote('approver1', proposalDigest)).body).toMatchObject({
    code: 'vote_refused',
    detail: 'It is asked for on your behalf.',
  });
  await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
  expect(await slack.told('U0APPROVER1', 'it is asked for on your behalf')).toBeTruthy();
  expect(await statusOf(requestId)).toBe('AWAITING_APPROVAL');
  await cloud.database.send(new PutCommand({ TableName: 'users_table', Item: approver }));
  await agent('POST', `/requests/${requestId}/cancel`);
});
