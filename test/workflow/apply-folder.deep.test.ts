import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, statesIn } from '../support/start-cloud.ts';
import { unusedCodes } from '../support/unused-codes.ts';

const CHANNEL = '#access-approvals';
const REASON = 'The quarterly review of who may ask for what.';
const NORA = {
  id: 'nora',
  type: 'human',
  status: 'active',
  groups: ['employees'],
  persons: ['nora'],
  awsPrincipals: ['arn:aws:iam::123456789012:user/nora'],
};

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
let tokenFile: string;
let folder: string;
let rounds = 0;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  tokenFile = join(postern.home, 'token');
  const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
  cloud.reviewer.says({ text: { ...judged, reason: 'A person should look.' } });
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});
beforeEach(async () => {
  const { tokenUrl = '' } = cloud.access.principals.admin ?? {};
  const { token } = (await (await fetch(tokenUrl)).json()) as { token: string };
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  rounds += 1;
  folder = join(postern.home, `access-${rounds}`);
  expect(await run(['export', folder])).toMatchObject({ code: 0 });
});

/** As a job of a pipeline runs it: with its platform's token in a file, and nothing of AWS. */
const run = (args: readonly string[]) =>
  postern.other(process.execPath, [posternProgram(), ...args], {
    PATH: process.env.PATH,
    HOME: postern.home,
    AWS_REGION: 'eu-central-1',
    POSTERN_API: cloud.urls.oidcApi,
    POSTERN_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  });
const plan = () => run(['apply', folder, '--plan']);
const apply = (...more: string[]) =>
  run(['apply', folder, '--reason', REASON, '--no-wait', '--json', ...more]);
const put = (file: string, text: string) => writeFile(join(folder, file), text);
const edit = async (file: string, from: string, to: string) =>
  put(file, (await readFile(join(folder, file), 'utf8')).replace(from, to));

const codeOf = unusedCodes(() => cloud.access.stepUp);
/** Approves as two people, each with a code that was not used yet. */
async function agree(requestId: string): Promise<void> {
  for (const id of ['approver1', 'approver2'] as const) {
    const code = codeOf(id);
    const { proposalDigest } = (await cloud.as(id)('GET', `/requests/${requestId}/votes`)).body;
    const ballot = { decision: 'approve', proposalDigest, code };
    expect((await cloud.as(id)('POST', `/requests/${requestId}/votes`, ballot)).status).toBe(200);
  }
}

async function inForce(TableName: string, Key: Record<string, string>) {
  return (await cloud.database.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
}
const policyOf = (principalId: string) => inForce('policy_table', { principalId });

test('a folder shows one diff, is approved once, and is then what is in force', async () => {
  expect(await plan()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
  await put('principals/nora.json', JSON.stringify(NORA));
  await put('policies/nora.txt', 'Works in the branch. May look up a customer profile.\n');
  await edit('policies/employee1.txt', 'Works in the branch.', 'Works in the branch, in the mornings.');
  const planned = await plan();
  expect(planned.code).toBe(2);
  expect(planned.out).toContain(
    [
      '3 in all, applied together or not at all:',
      '  policy employee1: changed',
      '  principal nora: new',
      '  policy nora: new',
    ].join('\n'),
  );
  expect(planned.out).toContain('+Works in the branch, in the mornings.');
  expect(await policyOf('nora')).toBeUndefined();

  const proposed = await apply();
  expect([proposed.code, proposed.err]).toEqual([0, expect.stringContaining('== principal nora')]);
  const { requestId, status } = JSON.parse(proposed.out);
  expect(status).toBe('AWAITING_APPROVAL');
  expect(JSON.parse((await apply()).out).requestId).toBe(requestId);
  const message = JSON.stringify(await slack.message(CHANNEL, requestId));
  expect(message).toContain('admin wants to CHANGE 2 policies and 1 principal as one');
  expect(message).toContain('  principal nora: new');
  const waiting = await postern.run('approver1', ['approvals']);
  expect(waiting.out).toContain('2 policies and 1 principal as one');
  await agree(requestId);
  expect((await slack.ended(requestId)).status).toBe('APPLIED');
  expect(await inForce('users_table', { id: 'nora' })).toMatchObject({ status: 'active', version: 1 });
  expect(await policyOf('nora')).toMatchObject({ version: 1 });
  expect((await policyOf('employee1'))?.text).toContain('in the mornings');
  expect(statesIn(await cloud.historyOf(requestId)).at(-1)).toBe('Applied');
  const { body } = await cloud.as('auditor1')('GET', '/audit?principal=nora');
  expect(JSON.stringify(body)).toContain('principal_changed');
  expect(await plan()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
});

test('what somebody changed since is named, and nothing of the folder is in force: before it is asked, and after', async () => {
  const bump = (id: string) =>
    cloud.database.send(
      new UpdateCommand({
        TableName: 'policy_table',
        Key: { principalId: id },
        UpdateExpression: 'SET #version = #version + :one',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  await edit('policies/analyst1.txt', 'Analyses', 'Looks at');
  await edit('policies/employee1.txt', 'branch', 'office');
  const { requestId } = JSON.parse((await apply()).out);
  await bump('employee1');
  const old = { kind: 'policy', target: 'employee1', proposal: 'Reads.', baseVersion: 1 };
  const refused = await cloud.as('admin')('POST', '/changes', {
    kind: 'bundle',
    parts: [old],
    reason: REASON,
  });
  expect([refused.status, refused.body.code]).toEqual([409, 'change_stale']);
  await agree(requestId);
  expect(await slack.ended(requestId)).toMatchObject({ status: 'DENIED', closedBecause: 'change_stale' });
  expect((await policyOf('analyst1'))?.text).toContain('Analyses');
});

test('who is left out is suspended by --prune, and loses what they hold; a folder about whoever applies it is refused', async () => {
  // As a change would write it, which the tests above make.
  const extra = {
    ...NORA,
    id: 'extra',
    persons: ['ex'],
    awsPrincipals: [],
    subjectIssuers: [],
    subjectRequired: false,
    version: 1,
  };
  await cloud.database.send(new PutCommand({ TableName: 'users_table', Item: extra }));
  expect(await plan()).toMatchObject({
    code: 0,
    out: expect.stringContaining('not in the folder: principal extra'),
  });
  const pruned = JSON.parse((await apply('--prune')).out);
  await agree(pruned.requestId);
  expect((await slack.ended(pruned.requestId)).status).toBe('APPLIED');
  expect(await inForce('users_table', { id: 'extra' })).toMatchObject({ status: 'suspended', version: 2 });

  await edit('policies/admin.txt', 'Runs', 'Owns');
  const own = await plan();
  expect([own.code, own.err]).toEqual([
    1,
    expect.stringContaining('policy admin: it is about admin, who asks'),
  ]);
  const forced = { kind: 'policy', target: 'admin', proposal: 'Owns the broker.', baseVersion: 1 };
  const { body } = await cloud.as('admin')('POST', '/changes?wait=20', {
    kind: 'bundle',
    parts: [forced],
    reason: REASON,
  });
  expect(body).toMatchObject({ status: 'DENIED', decision: { reasons: [{ code: 'change_own_policy' }] } });
});
