import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeApprovalsTable } from '../../lambdas/shared/adapters/approvals-table.ts';
import { makeWakeExecution } from '../../lambdas/shared/adapters/wake-execution.ts';
import { isAllowed } from '../../sandbox/aws/authorize.ts';
import { ACCOUNT, deployed, functionNamesOf } from '../support/function-roles.ts';
import type { RecordedCall } from '../support/record-calls.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

let cloud: Cloud;
let calls: RecordedCall[];
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 60 }],
  });
  cloud.reviewer.says(proposedTo);
  await playEveryCall();
  calls = cloud.calls();
}, 60_000);
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

/** Votes as the Slack app does: the vote into the table, then the wake-up. */
async function vote(requestId: string, principalId: string, person: string): Promise<void> {
  const approvals = {
    TableName: 'postern_approvals',
    Key: { requestId: `token#${requestId}`, item: 'token' },
  };
  const { Item: token } = await until(
    () => cloud.database.send(new GetCommand(approvals)),
    ({ Item }) => Item !== undefined,
  );
  await makeApprovalsTable({ client: cloud.database, tableName: approvals.TableName }).putVote(
    requestId,
    {
      decision: 'approve',
      principalId,
      person,
      tier: token?.tier,
      proposalDigest: token?.proposalDigest,
      votedAt: new Date().toISOString(),
      stepUp: true,
    },
    2_000_000_000,
  );
  await makeWakeExecution({ client: cloud.stepFunctions })(token?.taskToken);
}

async function propose(kind: string, target: string, proposal: string): Promise<string> {
  return idOf(await cloud.as('admin')('POST', '/changes?wait=20', { kind, target, proposal, reason }));
}

/** Two people agree to a change; it ends in this status. */
async function agree(requestId: string, ends: string): Promise<void> {
  await vote(requestId, 'approver1', 'abe');
  await vote(requestId, 'approver2', 'bea');
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

  const asked = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  await vote(idOf(asked), 'approver1', 'abe');
  await until(
    () => statusOf('employee1', idOf(asked)),
    (status) => status === 'READY',
  );
  await cloud.as('employee1')('POST', `/requests/${idOf(asked)}/cancel`);

  const proposal = 'Analysts read operational metrics, and nothing else.';
  const changes = [
    await propose('policy', 'analyst1', proposal),
    await propose('policy', 'analyst1', reason),
  ];
  await agree(changes[0] ?? '', 'APPLIED');
  // Based on what the first one replaced.
  await agree(changes[1] ?? '', 'DENIED');
  const { Item: employee } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: 'employee1' } }),
  );
  const moved = { ...employee, awsPrincipals: [`arn:aws:iam::${ACCOUNT}:user/elsewhere`] };
  await agree(await propose('principal', 'employee1', JSON.stringify(moved)), 'APPLIED');

  await sweep();
  await revoke(issued);
}

/** Ends the analyst's session, then, by a suspension, the request that is open; and takes the denial away again. */
async function revoke(requestId: string): Promise<void> {
  const { status } = await cloud.as('analyst1')('POST', `/requests/${requestId}/revoke`);
  expect(status).toBe(200);
  const { Item: analyst } = await cloud.database.send(
    new GetCommand({ TableName: 'users_table', Key: { id: 'analyst1' } }),
  );
  const suspended = JSON.stringify({ ...analyst, status: 'suspended' });
  await agree(await propose('principal', 'analyst1', suspended), 'APPLIED');
  await until(
    async () => cloud.calls().map(({ functionName, action }) => `${functionName} ${action}`),
    (made) => made.includes('revoke-session states:StopExecution'),
  );
  const roleArns = [`arn:aws:iam::${ACCOUNT}:role/postern-brokered-internal`];
  await cloud.invoke('postern-lift-revocation', { revocation: { roleArns } });
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
}

async function anOpenRequest(): Promise<string> {
  return idOf(await cloud.as('analyst1')('POST', '/requests?wait=20', { reason }));
}

/** What the sandbox does not imitate, or does without: logs, traces, streams, the archive, encryption of tables. */
const NOT_CALLED_HERE = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  's3:PutObject',
  'sqs:SendMessage',
];

type Statement = { Action: string | string[] };

/** Whether a call needs just this: one action of one statement, with nothing beside it. */
const needs = ({ functionName, ...asked }: RecordedCall, statement: object) =>
  isAllowed(
    {
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/postern-${functionName}/postern-${functionName}`,
      userId: 'AROATEST:test',
      accessKeyId: 'ASIATEST',
      identityPolicies: [{ Version: '2012-10-17', Statement: [statement] }],
      principalTags: {},
    },
    asked,
  );

test.each(functionNamesOf(deployed()))('%s may do nothing that it never does', async (functionName) => {
  const role = deployed().roles.find(({ name }) => name === `postern-${functionName}`);
  const statements = role?.policies.flatMap(({ document }) => document.Statement as Statement[]) ?? [];
  expect(statements.length).toBeGreaterThan(0);
  const idle: string[] = [];
  for (const statement of statements) {
    for (const action of [statement.Action].flat().filter((name) => !NOT_CALLED_HERE.includes(name))) {
      const made = calls.filter((call) => call.functionName === functionName && call.action === action);
      const needed = await Promise.all(made.map((call) => needs(call, { ...statement, Action: action })));
      if (!needed.includes(true)) idle.push(`${action} by ${JSON.stringify(statement)}`);
    }
  }
  expect(idle).toEqual([]);
});

test('every function that calls AWS was called', () => {
  const called = new Set(calls.map(({ functionName }) => functionName));
  // Its calls are to a stream, an archive and a queue.
  const elsewhere = ['archive-audit'];
  expect(functionNamesOf(deployed()).filter((name) => !called.has(name))).toEqual(elsewhere);
});
