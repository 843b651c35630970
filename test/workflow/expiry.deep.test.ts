import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, statesIn, until } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  // The claim's quarter of an hour passes in half a second.
  cloud = await startCloud({ clockSpeed: 1800 });
});
afterAll(() => cloud.close());

test('a grant that nobody claims in time expires, and cannot be claimed', async () => {
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const analyst = cloud.as('analyst1');
  const reason = 'The weekly report needs the operational metrics.';
  const requestId = String((await analyst('POST', '/requests?wait=20', { reason })).body.requestId);
  const { body } = await until(
    () => analyst('GET', `/requests/${requestId}`),
    (answer) => answer.body.status === 'EXPIRED',
  );
  expect(body.closedBecause).toBe('unclaimed');
  const claimed = await analyst('POST', `/requests/${requestId}/credentials`, {});
  expect([claimed.status, claimed.body.code]).toEqual([410, 'request_expired']);
  const states = statesIn(await cloud.historyOf(requestId));
  expect(states.slice(-3)).toEqual(['WriteOutcome', 'RouteOutcome', 'Expired']);
});
