import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { unusedCodes } from '../support/unused-codes.ts';

const job = 'emergency-metrics';
const FIXED = {
  purpose: 'Something is on fire, and the metrics say what.',
  grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
  durationSeconds: 900,
  onBehalfOf: 'nobody',
  breakGlass: true,
};

let cloud: Cloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  // Slack is down: nobody can be told there.
  cloud.slack?.fail('*', 'internal_error');
  postern = posternOf(cloud);
  await cloud.database.send(
    new UpdateCommand({
      TableName: 'users_table',
      Key: { id: 'analyst1' },
      UpdateExpression: 'SET jobs.#job = :fixed',
      ExpressionAttributeNames: { '#job': job },
      ExpressionAttributeValues: { ':fixed': FIXED },
    }),
  );
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});
// The reviewer is off: whatever is asked of it fails.
beforeEach(() => cloud.reviewer.says({ status: 503 }));

async function rowOf(requestId: string): Promise<RequestRow> {
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_requests', Key: { requestId }, ConsistentRead: true }),
  );
  return Item as RequestRow;
}

const codeOf = unusedCodes(() => cloud.access.stepUp);
/** Approves what waits first, by the command line, with a code. */
async function approve(): Promise<string> {
  const waiting = await until(
    async () => (await cloud.as('approver1')('GET', '/approvals')).body.approvals as { requestId: string }[],
    (approvals) => approvals.length > 0,
  );
  const requestId = waiting[0]?.requestId ?? '';
  const code = codeOf('approver1');
  const { body } = await cloud.as('approver1')('GET', `/requests/${requestId}/votes`);
  expect(body).toMatchObject({ breakGlass: true, quorum: { approvals: 1, stepUp: 1 } });
  const ballot = { decision: 'approve', proposalDigest: body.proposalDigest, code };
  expect((await cloud.as('approver1')('POST', `/requests/${requestId}/votes`, ballot)).status).toBe(200);
  return requestId;
}
const audited = async (requestId: string) =>
  JSON.stringify((await cloud.as('auditor1')('GET', `/audit?request=${requestId}`)).body);

test('with the reviewer off and Slack down, somebody with a code opens it; it is reviewed by who had no part in it', async () => {
  const asked = await cloud.as('analyst1')('POST', '/requests?wait=20', {
    job,
    reason: 'Payments fail since 03:10.',
  });
  expect(asked.body.status).toBe('AWAITING_APPROVAL');
  expect(cloud.slack?.workspace.messagesIn('#any')).toEqual([]);
  const listed = await postern.run('approver1', ['approvals']);
  expect(listed.out).toContain('EMERGENCY');
  const requestId = await approve();
  await until(
    () => rowOf(requestId),
    ({ status }) => status === 'READY',
  );
  expect((await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);
  expect(cloud.reviewer.asked).toBe(0);
  const issued = await until(
    () => rowOf(requestId),
    ({ status }) => status === 'ISSUED',
  );
  expect(issued.open).toBe('review');

  const refused = await postern.run('approver1', [
    'break-glass',
    'review',
    requestId,
    '--remarks',
    'All was well.',
  ]);
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringContaining('Who approved it does not review it'),
  ]);
  expect((await postern.run('approver2', ['break-glass', 'list'])).out).toContain(requestId);
  const remarks = 'The queries fit the incident.';
  const reviewed = await postern.run('approver2', ['break-glass', 'review', requestId, '--remarks', remarks]);
  expect([reviewed.code, reviewed.out]).toEqual([0, expect.stringContaining('reviewed by approver2')]);
  await cloud.invoke('postern-close-request', { 'detail-type': 'Scheduled Event' });
  expect((await rowOf(requestId)).open).toBeUndefined();
  expect(await audited(requestId)).toContain(remarks);
  expect((await postern.run('approver2', ['break-glass', 'list'])).out).toContain('Nothing waits');
});

test('a drill takes the same way, ends its session, and leaves its evidence and its review', async () => {
  const drilling = postern.run('analyst1', ['break-glass', 'drill', job, '--json']);
  const requestId = await approve();
  const drill = await drilling;
  expect([drill.code, drill.err]).toEqual([0, expect.any(String)]);
  const evidence = JSON.parse(drill.out);
  expect(evidence).toMatchObject({
    drill: job,
    requestId,
    approvers: [expect.stringContaining('approver1')],
  });
  expect(evidence.steps.map(({ step }: { step: string }) => step)).toEqual(
    expect.arrayContaining(['AWAITING_APPROVAL', 'CLAIMED', 'REVOKED']),
  );
  expect((await rowOf(requestId)).open).toBe('review');
  const records = await audited(requestId);
  expect(records).toContain('Drill: to see that it works');
  expect(records).toContain('"revoked"');
});

test('nobody who has no such job breaks the glass', async () => {
  const { status, body } = await cloud.as('employee1')('POST', '/requests?wait=20', { job });
  expect([status, body.code]).toEqual([404, 'job_not_found']);
});
