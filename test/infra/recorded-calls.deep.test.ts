import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiCaller } from '../../demo/call-api.ts';
import { sessionNameOf } from '../../lambdas/shared/domain/revocation/session-names.ts';
import { callApp } from '../../sandbox/slack/call-app.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { ACCOUNT, deployed, functionNamesOf } from '../support/function-roles.ts';
import { idleRightsOf } from '../support/idle-rights.ts';
import { makePasskey } from '../support/make-passkey.ts';
import { paymentsReportOf } from '../support/payments-report.ts';
import type { RecordedCall } from '../support/record-calls.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, shownIn, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles, template } from '../support/template.ts';
import { makeProofKey, type ProofKey } from '../support/token-caller.ts';
import { unusedCodes } from '../support/unused-codes.ts';
import { holdPasskey, voteByPasskey } from '../support/vote-by-passkey.ts';
import { withPaymentsReport } from '../support/with-payments-report.ts';

const CHANNEL = '#any';
const TREASURY = '444455556666';
const EMMA = 'U0EMPLOYEE1';

let cloud: Cloud;
let slack: SlackOfCloud;
let calls: RecordedCall[];
beforeAll(async () => {
  cloud = await startCloud({
    gatewayPort: 0,
    template: withPaymentsReport(template()),
    bundles: bundles(),
    limits: {
      suspension: { denials: 3, withinSeconds: 600, forSeconds: 600 },
      rememberedReviews: { seconds: 600, wherePeopleAreAsked: false },
    },
    tiers: [
      {
        name: 'access-approvers',
        channel: CHANNEL,
        approverGroup: 'approvers',
        timeoutSeconds: 600,
        reminderSeconds: 1,
      },
    ],
  });
  slack = slackOf(cloud);
  cloud.reviewer.says(proposedTo);
  await playEveryCall();
  calls = cloud.calls();
}, 300_000);
// It throws where any call was not allowed by the roles as synthesised.
afterAll(() => cloud.close());

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  if (principal.id === 'employee1') return proposing('bank_customer_profiles', ['dynamodb:GetItem']);
  return proposing('bank_operational_metrics', ['dynamodb:Query']);
}

const reason = 'The weekly report needs the operational metrics.';
const idOf = ({ body }: { body: Record<string, unknown> }) => String(body.requestId);

const statusOf = async (as: string, requestId: string) =>
  String((await cloud.as(as)('GET', `/requests/${requestId}`)).body.status);

type Approver = 'approver1' | 'approver2';

const codeOf = unusedCodes(() => cloud.access.stepUp);
/** How often each has voted by a code. Of two who agree the last enters one, so whoever did more goes first. */
const voted: Record<Approver, number> = { approver1: 0, approver2: 0 };
const unusedCode = (id: Approver): string => {
  voted[id] += 1;
  return codeOf(id);
};

/** Presses Approve; where a code is asked for, leaves it to somebody else, or enters it after two wrong ones. */
async function vote(requestId: string, approver: Approver, withCode = false): Promise<void> {
  const userId = `U0${approver.toUpperCase()}`;
  await slack.click(userId, await slack.message(CHANNEL, requestId), 'approve');
  if (!slack.workspace.viewOf(userId)) return;
  if (!withCode) {
    await slack.submit(userId);
    return;
  }
  await slack.submit(userId, { code: '000000' });
  await slack.submit(userId, { code: '000000' });
  await slack.submit(userId, { code: unusedCode(approver) });
}

const engineers = {
  id: 'engineers',
  group: { displayName: 'Engineering' },
  groups: ['employees'],
  policy: 'Engineers may read operational metrics.',
};

async function propose(kind: string, target: string, proposal: string): Promise<string> {
  return idOf(await cloud.as('admin')('POST', '/changes?wait=20', { kind, target, proposal, reason }));
}

/** Two people agree to a change; it ends in this status. */
async function agree(requestId: string, ends: 'APPLIED', codes: 1 | 2 = 1): Promise<void> {
  const [first, last]: Approver[] =
    voted.approver1 > voted.approver2 ? ['approver1', 'approver2'] : ['approver2', 'approver1'];
  await vote(requestId, first ?? 'approver1', codes === 2);
  await vote(requestId, last ?? 'approver2', true);
  await until(
    () => statusOf('admin', requestId),
    (status) => status === ends,
  );
}

/** One request of every kind there is, through to its end. */
async function playEveryCall(): Promise<void> {
  const analyst = cloud.as('analyst1');
  await analyst('GET', '/catalog');
  const once = () =>
    analyst('POST', '/requests?wait=20', { reason }, { 'idempotency-key': 'asked-once-sent-twice' });
  await once();
  const issued = idOf(await once());
  await analyst('POST', `/requests/${issued}/credentials`, {});
  await analyst('GET', '/requests');
  await gatewaySession(analyst);

  const asked = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  const message = await slack.message(CHANNEL, idOf(asked));
  await slack.click('U0APPROVER1', message, 'narrow');
  await slack.submit('U0APPROVER1', { window: '3600' });
  await until(
    () => statusOf('employee1', idOf(asked)),
    (status) => status === 'READY',
  );
  await cloud.as('employee1')('POST', `/requests/${idOf(asked)}/credentials`, {});
  await slack.click('U0APPROVER1', (await slack.shows(CHANNEL, idOf(asked), 'Revoke…')) as Message, 'revoke');
  await slack.submit('U0APPROVER1', { reason: 'The case is closed.' });
  await slack.shows(CHANNEL, idOf(asked), 'Revoked. ');
  // Within the window nobody is asked.
  const again = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  await until(
    () => statusOf('employee1', idOf(again)),
    (status) => status === 'READY',
  );
  await cloud.as('employee1')('POST', `/requests/${idOf(again)}/cancel`);
  await askInSlack();

  const proposal = 'Analysts read operational metrics, and nothing else.';
  await agree(await propose('policy', 'analyst1', proposal), 'APPLIED');
  const { Item: employee } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: 'employee1' } }),
  );
  const signIn = [{ issuer: `${cloud.urls.console}/issuer`, claims: { sub: 'employee1:*' } }];
  const moved = { ...employee, awsPrincipals: [`arn:aws:iam::${ACCOUNT}:user/elsewhere`], signIn };
  await agree(await propose('principal', 'employee1', JSON.stringify(moved)), 'APPLIED', 2);
  await agree(await propose('template', 'engineers', JSON.stringify(engineers)), 'APPLIED', 2);
  expect((await cloud.as('admin')('GET', '/directory')).body).toMatchObject({
    templates: [{ id: 'engineers' }],
  });

  await withTokens();
  await reviewAccess();
  await callBack();
  await sweep();
  await checkSession(issued);
  await revoke(issued);
  await signHeads();
  await rejoin();
  await archiveAgain();
}

/** A review of access: opened, decided both ways, at both doors, and followed. */
async function reviewAccess(): Promise<void> {
  const admin = cloud.withToken('admin', { key: await makeProofKey() });
  const run = () => cloud.invoke('postern-run-access-reviews', { 'detail-type': 'Scheduled Event' });
  expect((await cloud.as('auditor1')('POST', '/access-reviews', {})).status).toBe(202);
  await run();
  const { reviews } = (await admin('GET', '/access-reviews')).body as { reviews: { reviewId: string }[] };
  const path = `/access-reviews/${reviews[0]?.reviewId}`;
  const { items } = (await admin('GET', path)).body as { items: { principalId: string; digest: string }[] };
  const decide = async (principal: string, decision: string) => {
    const digest = items.find(({ principalId }) => principalId === principal)?.digest;
    const said = { decision, digest, rationale: 'Looked at with their lead.' };
    return admin('POST', `${path}/items/${principal}`, said);
  };
  expect((await decide('auditor1', 'keep')).status).toBe(200);
  const removed = await decide('approver1', 'remove');
  expect(removed.status).toBe(200);
  const { requestId } = (removed.body as { item: { requestId: string } }).item;
  // As where it broke off before the change was noted: the same call finds the same change.
  const Key = { review: reviews[0]?.reviewId, item: 'item#approver1' };
  const lost = { TableName: 'postern_access_reviews', Key, UpdateExpression: 'REMOVE requestId' };
  await cloud.database.send(new UpdateCommand(lost));
  expect((await decide('approver1', 'remove')).body).toMatchObject({ item: { requestId } });
  await run();
  await admin('POST', `/requests/${requestId}/cancel`);
  await run();
}

/** CloudTrail tells of the session of a request. */
async function checkSession(requestId: string): Promise<void> {
  const requestParameters = {
    roleArn: `arn:aws:iam::${ACCOUNT}:role/postern-brokered-internal`,
    roleSessionName: sessionNameOf(requestId),
    tags: [{ key: 'postern:request-id', value: requestId }],
  };
  await cloud.invoke('postern-check-session', { detail: { eventID: 'x', requestParameters } });
}

/** The audit table's stream tells of a record once more: what stands in its place is looked at. */
async function archiveAgain(): Promise<void> {
  const first = { chain: 'analyst1', seq: 1 };
  const { Item = {} } = await cloud.database.send(new GetCommand({ TableName: 'postern_audit', Key: first }));
  const dynamodb = { SequenceNumber: '1', NewImage: marshall(Item) };
  await cloud.invoke('postern-archive-audit', { Records: [{ eventName: 'INSERT', dynamodb }] });
}

/** Ends the analyst's session, then, by a suspension, the request that is open; and takes the denial away again. */
async function revoke(requestId: string): Promise<void> {
  const { status } = await cloud.as('analyst1')('POST', `/requests/${requestId}/revoke`);
  expect(status).toBe(200);
  await revokeElsewhere();
  const { Item: analyst } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: 'analyst1' } }),
  );
  const suspended = JSON.stringify({ ...analyst, status: 'suspended' });
  const change = await propose('principal', 'analyst1', suspended);
  await vote(change, 'approver1');
  // Every code has been used by now.
  await approveByPasskey(change, 2);
  await until(
    () => statusOf('admin', change),
    (ended) => ended === 'APPLIED',
  );
  await made('revoke-session states:StopExecution');
  const roleArns = [ACCOUNT, TREASURY].map(
    (account) => `arn:aws:iam::${account}:role/postern-brokered-internal`,
  );
  await cloud.invoke('postern-lift-revocation', { revocation: { roleArns } });
}

/** Ends a session in the bank's other account. */
async function revokeElsewhere(): Promise<void> {
  cloud.reviewer.says(proposing('risk_figures@treasury', ['s3:GetObject']));
  const analyst = cloud.as('analyst1');
  const asked = idOf(
    await analyst('POST', '/requests?wait=20', { reason: 'The desk asks for its figures.' }),
  );
  expect((await analyst('POST', `/requests/${asked}/credentials`, {})).status).toBe(200);
  expect((await analyst('POST', `/requests/${asked}/revoke`)).status).toBe(200);
  cloud.reviewer.says(proposedTo);
}

/** The heads of the chains, before there were any and after: the second time has something to begin from. */
async function signHeads(): Promise<void> {
  const event = { 'detail-type': 'Scheduled Event' };
  await cloud.invoke('postern-sign-heads', event);
  await cloud.invoke('postern-sign-heads', event);
}

/** The audit table was restored to before anything was asked: the first record of a chain is put back. */
async function rejoin(): Promise<void> {
  const Key = { chain: 'analyst1', seq: 1 };
  await cloud.database.send(new DeleteCommand({ TableName: 'postern_audit', Key }));
  const restoredTo = new Date(Date.now() - 3_600_000).toISOString();
  const asked = {
    restoredTo,
    tables: ['postern_audit'],
    reason,
    restoredBy: 'arn:of-the-test',
    dryRun: false,
  };
  expect(await cloud.invoke('postern-rejoin-archive', asked)).toMatchObject({ putBack: { analyst1: 1 } });
}

/** `/access` twice by one trigger; two who ask for the same; a denial with a reason; Slack failing for a moment. */
async function askInSlack(): Promise<void> {
  // Until a reminder was not taken, and its note is taken back.
  slack.fail('chat.postMessage', 'internal_error', { inThread: true });
  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:Query']));
  const { requestUrl, secret } = slack;
  const command = {
    command: '/access',
    team_id: secret.teamId,
    user_id: EMMA,
    channel_id: slack.workspace.directMessages(EMMA).id,
    text: reason,
    trigger_id: 'pressed-once',
  };
  await callApp(requestUrl(), secret.signingSecret, { ...command, delivery: 'first' });
  await callApp(requestUrl(), secret.signingSecret, { ...command, delivery: 'second' });
  const shared = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  const message = (await until(
    async () =>
      slack.workspace.messagesIn(CHANNEL).find((posted) => shownIn(posted).includes('1 more request')),
    (found) => found !== undefined,
  )) as Message;
  await made('request-approval dynamodb:DeleteItem');
  slack.heal();
  await until(
    async () => slack.workspace.messagesIn(CHANNEL).filter(({ threadTs }) => threadTs === message.ts),
    (reminders) => reminders.length > 0,
  );
  // The requester cannot be told of it at first.
  slack.fail('chat.postMessage', 'internal_error', { channel: command.channel_id, times: 2 });
  await slack.click('U0APPROVER1', message, 'deny');
  await made('update-messages dynamodb:DeleteItem');
  slack.heal();
  await slack.submit('U0APPROVER1', { reason: 'Not today.' });
  await slack.told(EMMA, 'Not today.');
  // The two requests that share the message are closed one after the other.
  await until(
    async () => (await cloud.as('employee1')('GET', `/requests/${idOf(shared)}`)).body,
    ({ deniedBy }) => JSON.stringify(deniedBy ?? '').includes('Not today.'),
  );
  await cloud.withToken('employee1')('GET', `/requests/${idOf(shared)}`);
  await tellOfSuspension();
  cloud.reviewer.says(proposedTo);
}

/** Waits until a function made a call. */
const made = (call: string) =>
  until(
    async () => cloud.calls().map(({ functionName, action }) => `${functionName} ${action}`),
    (calls) => calls.includes(call),
  );

/** One more denial suspends the employee's requests; the first message about it is not taken. */
async function tellOfSuspension(): Promise<void> {
  // Fewer times than a stream's record is tried: a busy machine may see it late that one failed.
  slack.fail('chat.postMessage', 'internal_error', { channel: CHANNEL, times: 2 });
  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:Query'], { approved: false }));
  await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  await made('tell-suspension dynamodb:DeleteItem');
  slack.heal();
  await until(
    async () => slack.workspace.messagesIn(CHANNEL).map(({ text }) => text),
    (texts) => texts.some((text) => text.includes('3 requests of employee1 were denied')),
  );
  // While it lasts the row is written again for other reasons: nobody is told twice.
  const usage = new GetCommand({ TableName: 'postern_usage', Key: { principalId: 'employee1' } });
  const { suspension } = (await cloud.database.send(usage)).Item ?? {};
  const M = { since: { S: suspension.since }, until: { S: suspension.until }, requestIds: { L: [] } };
  const NewImage = { principalId: { S: 'employee1' }, suspension: { M } };
  await cloud.invoke('postern-tell-suspension', {
    Records: [{ dynamodb: { SequenceNumber: '1', NewImage } }],
  });
}

/** A session of the gateway: opened, looked at, and ended. */
async function gatewaySession(call: ApiCaller): Promise<void> {
  const { body } = await call('POST', '/delegations', { reason });
  await call('GET', '/gateway-sessions');
  await call('GET', `/gateway-sessions/${body.sessionId}/calls`);
  expect((await call('POST', `/gateway-sessions/${body.sessionId}/end`, {})).status).toBe(200);
}

/** The same at the door for tokens, of keys that are proved. */
async function withTokens(): Promise<void> {
  const key = await makeProofKey();
  const analyst = cloud.withToken('analyst1', { key });
  await analyst('GET', '/catalog');
  const once = () => analyst('POST', '/requests?wait=20', { reason }, { 'idempotency-key': 'once-by-token' });
  await once();
  const requestId = idOf(await once());
  await analyst('POST', `/requests/${requestId}/credentials`, {});
  await analyst('GET', '/requests');
  await analyst('GET', '/policies/analyst1');
  await readRecords(analyst, requestId);
  // Whoever proposes one is told of the version that it is written against; that they may propose none is found later.
  const part = { kind: 'policy', target: 'analyst9', proposal: 'Analysts read metrics.', baseVersion: 0 };
  expect((await analyst('POST', '/changes', { kind: 'bundle', parts: [part], reason })).status).toBe(202);
  const template = { kind: 'template', target: 'engineers', proposal: engineers, reason };
  expect((await analyst('POST', '/changes', template)).status).toBe(202);
  // Each door looks for what waits for a review.
  await analyst('GET', '/break-glass');
  await cloud.as('auditor1')('GET', '/break-glass');
  await gatewaySession(analyst);
  await analyst('POST', `/requests/${requestId}/revoke`);
  const cancelled = idOf(await analyst('POST', '/requests?wait=20', { reason }));
  await analyst('POST', `/requests/${cancelled}/cancel`);
  const employee = cloud.withToken('employee1');
  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:Query']));
  const asked = idOf(await employee('POST', '/requests?wait=20', { reason: `${reason} By token.` }));
  await employee('GET', `/requests/${asked}`);
  await employee('POST', `/requests/${asked}/cancel`);
  await voteWithTokens(key);
  await voteWithPasskey();
  cloud.reviewer.says(proposedTo);
}

/** What people read of themselves, and auditors of all. */
async function readRecords(analyst: ApiCaller, requestId: string): Promise<void> {
  const auditor = cloud.withToken('auditor1');
  for (const answer of [
    await analyst('GET', '/policies/analyst1/versions'),
    await analyst('GET', `/requests/${requestId}/execution`),
    await analyst('GET', '/sessions'),
    await analyst('GET', '/audit'),
    await analyst('GET', '/audit/verification'),
    await auditor('GET', '/audit'),
    await auditor('GET', '/principals'),
    await auditor('GET', '/access-matrix?resource=bank_balances'),
  ])
    expect(answer.status).toBe(200);
}

/** A vote for a window outside Slack, after wrong codes, by a token of a key that is proved. */
async function voteWithTokens(key: ProofKey): Promise<void> {
  cloud.reviewer.says(proposing('bank_user_pool', ['cognito-idp:AdminGetUser']));
  const requestId = idOf(await cloud.withToken('admin')('POST', '/requests?wait=20', { reason }));
  const id: Approver = voted.approver1 > voted.approver2 ? 'approver2' : 'approver1';
  const approver = cloud.withToken(id, { key });
  await approver('GET', '/approvals');
  const { proposalDigest } = (await approver('GET', `/requests/${requestId}/votes`)).body;
  const vote = (code: string) =>
    approver('POST', `/requests/${requestId}/votes`, {
      decision: 'approve',
      proposalDigest,
      windowSeconds: 900,
      code,
    });
  for (let wrong = 0; wrong < 2; wrong += 1) await vote('000000');
  expect((await vote(unusedCode(id))).status).toBe(200);
}

const passkey = makePasskey();

async function approveByPasskey(requestId: string, counter: number): Promise<void> {
  const approver = cloud.withToken('approver2');
  const voted = await voteByPasskey(approver, passkey, { requestId, origin: cloud.passkeyOrigin, counter });
  expect(voted.status).toBe(200);
}

/** A vote by a passkey that counts its uses. */
async function voteWithPasskey(): Promise<void> {
  cloud.reviewer.says(proposing('bank_user_pool', ['cognito-idp:AdminGetUser']));
  const requestId = idOf(
    await cloud.withToken('admin')('POST', '/requests?wait=20', { reason: `${reason} By passkey.` }),
  );
  await holdPasskey(cloud, 'approver2', passkey.passkey);
  await cloud.withToken('approver2')('GET', '/passkeys');
  await approveByPasskey(requestId, 1);
  await until(
    async () => (await cloud.withToken('admin')('GET', `/requests/${requestId}`)).body.status,
    (status) => status === 'READY',
  );
}

/** A workflow that is told of its access, and one that is told of none. */
async function callBack(): Promise<void> {
  const report = await paymentsReportOf(cloud);
  await report.endOf(await report.start(reason));
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query'], { approved: false }));
  // In other words: what was approved before is remembered.
  await report.endOf(await report.start(`${reason} Again.`));
  cloud.reviewer.says(proposedTo);
  const { body } = await report.call('GET', '/requests');
  const [newest] = body.requests as { requestId: string }[];
  await report.call('GET', `/requests/${newest?.requestId}`);
  await report.callWithToken('GET', `/requests/${newest?.requestId}`);
  await made('deliver-callback dynamodb:DeleteItem');
}

/** A row whose execution is nowhere, and the scheduled event that finds it. */
async function sweep(): Promise<void> {
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_requests', Key: { requestId: await anOpenRequest() } }),
  );
  const lost = {
    ...Item,
    requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  await cloud.database.send(new PutCommand({ TableName: 'postern_requests', Item: lost }));
  await cloud.invoke('postern-close-request', { 'detail-type': 'Scheduled Event' });
  const tags = [{ key: 'postern:request-id', value: lost.requestId }];
  const requestParameters = { roleArn: 'arn:aws:iam::123456789012:role/x', roleSessionName: 'x', tags };
  await cloud.invoke('postern-check-session', { detail: { eventID: 'x', requestParameters } });
}

async function anOpenRequest(): Promise<string> {
  return idOf(await cloud.as('analyst1')('POST', '/requests?wait=20', { reason }));
}

/**
 * Called only where somebody outside is told, or tells: see test/workflow/webhooks.deep.test.ts and
 * test/workflow/people.deep.test.ts and test/workflow/facts.deep.test.ts.
 */
const ONLY_OUTSIDE = ['publish-events', 'deliver-webhook', 'scim', 'sync-people', 'take-fact'];

test.each(functionNamesOf(deployed()))('%s may do nothing that it never does', async (functionName) => {
  expect(await idleRightsOf(functionName, deployed(), calls)).toEqual([]);
});

test('every function that calls AWS was called', () => {
  const called = new Set(calls.map(({ functionName }) => functionName));
  const idle = functionNamesOf(deployed()).filter((name) => !called.has(name));
  expect(idle).toEqual(ONLY_OUTSIDE);
});
