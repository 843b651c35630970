import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ballotDigestOf } from '../../lambdas/shared/domain/approvals/ballot.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { makePasskey } from '../support/make-passkey.ts';
import { posternOf } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { holdPasskey, voteByPasskey } from '../support/vote-by-passkey.ts';

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

function proposedTo({ change, principal }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'low', authorization: 'explicit' };
    return { text: { ...judged, reason: 'People decide on it.' } };
  }
  return principal.id === 'admin'
    ? proposing('bank_user_pool', ['cognito-idp:AdminDisableUser'])
    : proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], {
        durationSeconds: slack.ownDuration(),
      });
}

const phone = makePasskey('Abe’s phone');
const statusOf = async (requestId: string) => (await slack.rowOf(requestId)).status;
const decided = (requestId: string) =>
  until(
    () => statusOf(requestId),
    (status) => !['PENDING', 'AWAITING_APPROVAL'].includes(status),
  );
const vote = (
  as: string,
  key: typeof phone,
  requestId: string,
  more: Partial<Parameters<typeof voteByPasskey>[2]> = {},
  sent: Record<string, unknown> = {},
) => voteByPasskey(cloud.withToken(as), key, { requestId, origin: cloud.passkeyOrigin, ...more }, sent);
const codeOf = (id: string, periods = 0) =>
  totpOf(cloud.access.stepUp[id] ?? '').generate({ timestamp: Date.now() + periods * 30_000 });
const approveByCode = async (id: string, requestId: string, periods = 0) => {
  const call = cloud.withToken(id);
  const { proposalDigest } = (await call('GET', `/requests/${requestId}/votes`)).body;
  return call('POST', `/requests/${requestId}/votes`, {
    decision: 'approve',
    proposalDigest,
    code: codeOf(id, periods),
  });
};

test('a passkey is proposed by whom it is of, approved by two others, votes, and is given up', async () => {
  const abe = cloud.withToken('approver1');
  const reason = 'A phone of my own to approve with at night.';
  const proposed = await abe('POST', '/passkeys?wait=20', { passkey: phone.passkey, reason });
  expect(proposed).toMatchObject({ status: 202, body: { status: 'AWAITING_APPROVAL' } });
  const enrolling = String(proposed.body.requestId);
  const own = await abe('POST', `/requests/${enrolling}/votes/challenge`, {
    decision: 'approve',
    proposalDigest: (await slack.rowOf(enrolling)).asked?.proposalDigest,
  });
  expect([own.status, own.body.code]).toEqual([403, 'vote_refused']);
  expect((await approveByCode('approver2', enrolling)).status).toBe(200);
  expect(await statusOf(enrolling)).toBe('AWAITING_APPROVAL');
  expect((await approveByCode('admin', enrolling)).status).toBe(200);
  expect(await decided(enrolling)).toBe('APPLIED');
  expect((await abe('GET', '/passkeys')).body).toEqual({
    principalId: 'approver1',
    passkeys: [phone.passkey],
    origin: cloud.passkeyOrigin,
  });

  const postern = posternOf(cloud);
  const listed = await postern.run('approver1', ['passkeys']);
  expect(listed.out).toContain('Abe’s phone');
  const audited = await postern.run('auditor1', ['passkeys', 'approver1', '--json']);
  expect(JSON.parse(audited.out).passkeys).toEqual([phone.passkey]);
  expect((await postern.run('employee1', ['passkeys', 'approver1'])).code).not.toBe(0);
  postern.close();

  // It counts where a guardrail asks for step-up.
  const { body } = await cloud.as('admin')('POST', '/requests?wait=20', {
    reason: 'A user of the pool has left the bank and is to be disabled.',
  });
  const restricted = String(body.requestId);
  expect((await slack.rowOf(restricted)).approval?.quorum).toEqual({ approvals: 1, stepUp: 1 });
  expect(await vote('approver1', phone, restricted)).toMatchObject({ status: 200, body: { given: 1 } });
  expect(await decided(restricted)).toBe('READY');

  const given = await abe('POST', `/passkeys/${phone.passkey.id}/revoke?wait=20`, {
    reason: 'That phone was lost this evening.',
  });
  expect(await decided(String(given.body.requestId))).toBe('APPLIED');
  expect((await abe('GET', '/passkeys')).body.passkeys).toEqual([]);
  const again = await abe('POST', `/passkeys/${phone.passkey.id}/revoke`, { reason: 'That phone was lost.' });
  expect([again.status, again.body.code]).toEqual([404, 'passkey_not_found']);
});

test('what was pressed is what is voted: nothing of it is sent otherwise, later, or twice', async () => {
  await holdPasskey(cloud, 'approver1', phone.passkey);
  const requestId = await slack.ask('employee1');
  const refused = async (voted: ReturnType<typeof vote>) => {
    const { status, body } = await voted;
    return [status, body.code];
  };
  const less = { decision: 'approve_less' as const, narrowing: { durationSeconds: 900 } };
  const NO = [403, 'passkey_refused'];
  expect(await refused(vote('approver1', phone, requestId, less, { windowSeconds: 3600 }))).toEqual(NO);
  expect(await refused(vote('approver1', phone, requestId, {}, { decision: 'deny' }))).toEqual(NO);
  expect(await refused(vote('approver1', phone, requestId, { origin: 'http://127.0.0.1:4780' }))).toEqual(NO);
  expect(await refused(vote('approver1', makePasskey(), requestId))).toEqual(NO);
  expect(await refused(vote('approver1', phone, requestId, {}, { code: '000000' }))).toEqual([
    400,
    'invalid_request',
  ]);
  expect(await refused(vote('approver2', phone, requestId))).toEqual([409, 'no_passkey']);
  const stranger = cloud.withToken('analyst1')('POST', `/requests/${requestId}/votes/challenge`, {
    decision: 'approve',
    proposalDigest: 'sha256:any',
  });
  expect(await refused(stranger)).toEqual([404, 'request_not_found']);
  expect(await statusOf(requestId)).toBe('AWAITING_APPROVAL');

  // An answer is good once: of two that race, one is taken, and the other sees a vote or a spent challenge.
  const call = cloud.withToken('approver1');
  const { proposalDigest } = (await call('GET', `/requests/${requestId}/votes`)).body;
  const ballot = { decision: 'approve', proposalDigest };
  const { nonce, challenge, tier } = (await call('POST', `/requests/${requestId}/votes/challenge`, ballot))
    .body;
  const pressed = {
    requestId,
    proposalDigest: String(proposalDigest),
    decision: 'approve' as const,
    tier: String(tier),
    principalId: 'approver1',
  };
  const assertion = phone.press(pressed, {
    origin: cloud.passkeyOrigin,
    nonce: String(nonce),
    challenge: String(challenge),
  });
  const sends = await Promise.all(
    Array.from({ length: 4 }, () => call('POST', `/requests/${requestId}/votes`, { ...ballot, assertion })),
  );
  expect(sends.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(await decided(requestId)).toBe('READY');
});

test('a vote that is altered where it is stored, by whoever can write there, opens nothing', async () => {
  await holdPasskey(cloud, 'approver1', phone.passkey);
  const { body } = await cloud.as('admin')('POST', '/requests?wait=20', {
    reason: 'Another user of the pool left the bank and is to be disabled.',
  });
  const requestId = String(body.requestId);
  const proposalDigest = (await slack.rowOf(requestId)).asked?.proposalDigest ?? '';
  // A function that is taken over stores what it likes: here, the press of a denial as an approval.
  const denial = phone.press(
    { requestId, proposalDigest, decision: 'deny', tier: 'access-approvers', principalId: 'approver1' },
    { origin: cloud.passkeyOrigin },
  );
  const forged = {
    decision: 'approve' as const,
    principalId: 'approver1',
    person: 'abe',
    tier: 'access-approvers',
    proposalDigest,
    votedAt: new Date().toISOString(),
    stepUp: true,
    assertion: denial,
  };
  await cloud.database.send(
    new UpdateCommand({
      TableName: 'postern_approvals',
      Key: { requestId, item: `vote#${proposalDigest}#abe` },
      UpdateExpression: `SET ${Object.keys(forged)
        .map((field) => `#${field} = :${field}`)
        .join(', ')}, ballotDigest = :digest`,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(forged).map((field) => [`#${field}`, field])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(forged).map(([field, value]) => [`:${field}`, value])),
        ':digest': ballotDigestOf(requestId, forged),
      },
    }),
  );
  const token = new GetCommand({
    TableName: 'postern_approvals',
    Key: { requestId: `token#${requestId}`, item: 'token' },
  });
  const waiting = await until(
    async () => (await cloud.database.send(token)).Item,
    (item) => item !== undefined,
  );
  await cloud.stepFunctions.send(
    new SendTaskSuccessCommand({ taskToken: String(waiting?.taskToken), output: '{}' }),
  );
  const tallied = await until(
    () => cloud.historyOf(requestId),
    (events) =>
      events.filter(({ stateEnteredEventDetails: entered }) => entered?.name === 'RequestApproval').length >
      1,
  );
  expect(JSON.stringify(tallied)).toContain('passkey_refused');
  expect(await statusOf(requestId)).toBe('AWAITING_APPROVAL');
});
