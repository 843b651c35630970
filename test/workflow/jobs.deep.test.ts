import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Cloud, startCloud, statesIn } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());
// The reviewer is off: whatever is asked of it fails.
beforeEach(() => cloud.reviewer.says({ status: 503 }));

const job = 'nightly-report';

test('a job runs with the reviewer off, and its records say which job it was', async () => {
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { job });
  expect(body).toMatchObject({ status: 'READY', job });
  const requestId = String(body.requestId);
  const claimed = await cloud.as('analyst1')('POST', `/requests/${requestId}/credentials`, {});
  expect(claimed.status).toBe(200);
  expect(cloud.reviewer.asked).toBe(0);
  expect(statesIn(await cloud.historyOf(requestId))).toContain('ValidateDecision');
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      IndexName: 'byRequest',
      KeyConditionExpression: 'requestId = :request',
      ExpressionAttributeValues: { ':request': requestId },
    }),
  );
  const factsOf = (wanted: string) => Items.find(({ event }) => event === wanted)?.facts;
  expect(factsOf('requested').request).toMatchObject({ job });
  expect(factsOf('reviewed').review).toMatchObject({ model: 'none' });
  expect(factsOf('issued')).toBeDefined();
});

test('the same principal in its own words still needs the reviewer', async () => {
  const reason = 'The weekly report needs the operational metrics.';
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  expect(body).toMatchObject({ status: 'FAILED', closedBecause: 'reviewer_unavailable' });
});

test('a job whose resource left the catalog is named, denied at once, and counts against nobody', async () => {
  const { body: asked } = await cloud.as('analyst1')('GET', '/catalog');
  expect(asked.jobs).toMatchObject([{ job }]);
  await cloud.database.send(
    new UpdateCommand({
      TableName: 'users_table',
      Key: { id: 'analyst1' },
      UpdateExpression: 'SET jobs.#job.grants[0].#resource = :gone',
      ExpressionAttributeNames: { '#job': job, '#resource': 'resource' },
      ExpressionAttributeValues: { ':gone': 'bank_old_metrics' },
    }),
  );
  // More than would suspend whoever asks, were they counted.
  for (let nth = 0; nth < 12; nth++) {
    const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { job });
    expect(body).toMatchObject({ status: 'DENIED', closedBecause: 'job_outdated' });
    expect(body.decision).toMatchObject({
      reasons: [{ code: 'job_outdated', resource: 'bank_old_metrics' }, { code: 'unknown_resource' }],
    });
  }
  expect((await cloud.as('analyst1')('GET', '/catalog')).body.jobs).toMatchObject([{ job, outdated: true }]);
  expect(cloud.reviewer.asked).toBe(0);
});
