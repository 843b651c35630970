import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const reason = 'The weekly report needs the operational metrics.';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ limits: { rememberedReviews: { seconds: 600, wherePeopleAreAsked: false } } });
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
});
afterAll(() => cloud.close());

/** Asks, claims, and answers the request's id. */
async function issued(body: object): Promise<string> {
  const analyst = cloud.as('analyst1');
  const requestId = String((await analyst('POST', '/requests?wait=20', body)).body.requestId);
  expect((await analyst('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);
  return requestId;
}

test('the same job again is granted by the review of before, and its records say so; another is reviewed', async () => {
  const first = await issued({ reason });
  const second = await issued({ reason });
  expect(cloud.reviewer.asked).toBe(1);
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      IndexName: 'byRequest',
      KeyConditionExpression: 'requestId = :request',
      ExpressionAttributeValues: { ':request': second },
    }),
  );
  const reviewed = Items.find(({ event }) => event === 'reviewed');
  expect(reviewed?.facts.review.remembered).toEqual({ requestId: first, reviewedAt: expect.any(String) });
  await issued({ reason, durationSeconds: 1800 });
  expect(cloud.reviewer.asked).toBe(2);
});
