import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSession } from '../../demo/use-session.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
  // Seconds are counted here, and none for loading functions.
  await cloud.warm();
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query']));
});
afterAll(() => cloud.close());

const reason = 'The weekly report needs the operational metrics.';
const read = (client: DynamoDBClient) =>
  client.send(
    new GetItemCommand({
      TableName: 'bank_operational_metrics',
      Key: { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } },
    }),
  );

/** A session of analyst1, in use. */
async function issue() {
  const analyst = cloud.as('analyst1');
  const requestId = String((await analyst('POST', '/requests?wait=20', { reason })).body.requestId);
  const claimed = await analyst('POST', `/requests/${requestId}/credentials`, {});
  const session = makeSession(cloud.urls.aws, claimed.body);
  expect(await session.try(read)).toBe('works');
  return { requestId, session };
}

const revoke = (as: string, requestId: string, body: object = {}) =>
  cloud.as(as)('POST', `/requests/${requestId}/revoke`, body);

test('a revoked session is denied on its next call, within a second, and no other is', async () => {
  const [mine, other] = [await issue(), await issue()];
  const started = Date.now();
  const answer = await revoke('analyst1', mine.requestId);
  expect([answer.status, answer.body.revocation]).toMatchObject([200, { by: 'analyst1', scope: 'session' }]);
  expect(await mine.session.try(read)).toBe('AccessDeniedException');
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(await other.session.try(read)).toBe('works');
  // What each call came to is recorded, for what was used against what was granted.
  expect(
    cloud
      .usedCalls()
      .filter(({ sessionName }) => sessionName === mine.requestId)
      .map(({ principalId, action, allowed }) => [principalId, action, allowed]),
  ).toEqual([
    ['analyst1', 'dynamodb:GetItem', true],
    ['analyst1', 'dynamodb:GetItem', false],
  ]);
  const again = await revoke('analyst1', mine.requestId);
  expect([again.status, again.body.code]).toEqual([409, 'already_revoked']);
});

test('an approver revokes with a reason; for a colleague the session does not exist', async () => {
  const { requestId, session } = await issue();
  expect((await revoke('employee1', requestId, { reason: 'I would like it.' })).status).toBe(404);
  expect((await revoke('approver1', requestId)).body.code).toBe('invalid_request');
  const answer = await revoke('approver1', requestId, { reason: 'The report is done.' });
  expect(answer.body.revocation).toMatchObject({ by: 'approver1', because: 'The report is done.' });
  expect(await session.try(read)).toBe('AccessDeniedException');
});

test('a suspended principal loses its live sessions and its open requests', async () => {
  const { session } = await issue();
  const analyst = cloud.as('analyst1');
  const open = String((await analyst('POST', '/requests?wait=20', { reason })).body.requestId);
  const revokeMachine = cloud.machineArn.replace('access-request', 'revoke-session');
  await cloud.stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: revokeMachine,
      input: JSON.stringify({ principalId: 'analyst1', by: 'admin', because: 'the principal was suspended' }),
    }),
  );
  await until(
    () => session.try(read),
    (answer) => answer === 'AccessDeniedException',
  );
  const { body } = await until(
    () => analyst('GET', `/requests/${open}`),
    (answer) => answer.body.status === 'CANCELLED',
  );
  expect(body.closedBecause).toBe('principal_suspended');
});
