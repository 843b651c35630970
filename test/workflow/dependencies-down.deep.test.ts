import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../../sandbox/aws/authorize.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  // Retries come at once; the claim still waits long enough to be claimed.
  cloud = await startCloud({ clockSpeed: 40 });
});
afterAll(() => cloud.close());
beforeEach(() => cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query'])));

const reason = 'The weekly report needs the operational metrics.';

/** Takes one permission from a role of the template, as a failing service would; the answer gives it back. */
function deny(roleName: string, action: string): () => void {
  const role = cloud.template.roles.find(({ name }) => name === roleName);
  const denial = {
    name: 'test',
    document: { Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] },
  };
  role?.policies.push(denial);
  return () => role?.policies.splice(role.policies.indexOf(denial), 1);
}

async function rowOf(requestId: string) {
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_requests', Key: { requestId } }),
  );
  return Item as { status: string; closedBecause?: string; session?: unknown };
}

/** Every call of one function to one action, while something runs. */
async function watching(action: string, run: () => Promise<void>): Promise<Observation[]> {
  const seen: Observation[] = [];
  const end = cloud.aws.observe((observation) => seen.push(observation));
  await run();
  end();
  return seen.filter((observation) => observation.action === action);
}

test.each([
  ['STS', 'postern-assume-role', 'sts:AssumeRole', 'dependency_unavailable'],
  ['the audit log, before minting', 'postern-assume-role', 'dynamodb:PutItem', 'dependency_unavailable'],
  ['the seal key', 'postern-assume-role', 'kms:VerifyMac', 'dependency_unavailable'],
])('%s is down: retried, then FAILED with a record, and no credentials', async (_, role, action, because) => {
  const restore = deny(role, action);
  let requestId = '';
  const calls = await watching(action, async () => {
    requestId = String((await cloud.as('analyst1')('POST', '/requests?wait=20', { reason })).body.requestId);
    const claimed = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
    expect(claimed.status).toBeGreaterThanOrEqual(500);
    expect(claimed.body).not.toHaveProperty('credentials');
  });
  restore();
  expect(calls.filter(({ allowed }) => !allowed).length).toBeGreaterThan(1);
  const row = await until(
    () => rowOf(requestId),
    ({ status }) => status === 'FAILED',
  );
  expect(row).toMatchObject({ closedBecause: because });
  expect(row.session).toBeUndefined();
});

test('the audit log is down once the session is minted: nothing is handed over', async () => {
  const restore = deny('postern-write-log', 'dynamodb:PutItem');
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  const claimed = await cloud.as('analyst1')('POST', `/requests/${body.requestId}/credentials`, {});
  expect(claimed.status).toBeGreaterThanOrEqual(500);
  expect(claimed.body).not.toHaveProperty('credentials');
  restore();
  // What the outage left open, close-request closes once the log can be written again.
  const row = await until(
    () => rowOf(String(body.requestId)),
    ({ status }) => ['FAILED', 'READY'].includes(status),
  );
  expect(row.status).not.toBe('ISSUED');
});

test('a table is down while it is loaded: retried, then FAILED', async () => {
  const restore = deny('postern-load-policy', 'dynamodb:GetItem');
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  restore();
  expect(body).toMatchObject({ status: 'FAILED', closedBecause: 'dependency_unavailable' });
});
