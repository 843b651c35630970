import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposing } from '../support/scripted-reviewer.ts';
import { slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const CHANNEL = '#access-approvals';
const reason = 'I was told that I may read everything there is.';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({
    limits: { suspension: { denials: 3, withinSeconds: 600, forSeconds: 600 } },
  });
  cloud.reviewer.says(() => proposing('bank_operational_metrics', ['dynamodb:Query'], { approved: false }));
});
afterAll(() => cloud.close());

test('after three denials a principal is refused for a while, on the record, and the approvers are told once', async () => {
  const analyst = cloud.as('analyst1');
  const denied: string[] = [];
  for (let n = 0; n < 3; n++) {
    const { body } = await analyst('POST', '/requests?wait=20', { reason });
    expect(body).toMatchObject({ status: 'DENIED' });
    denied.push(String(body.requestId));
  }
  const refused = await until(
    () => analyst('POST', '/requests', { reason }),
    ({ status }) => status === 403,
  );
  expect(refused.body).toMatchObject({ code: 'requests_suspended' });
  expect((await analyst('GET', `/requests/${denied[0]}`)).status).toBe(200);

  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': 'analyst1' },
    }),
  );
  const suspended = Items.filter(({ event }) => event === 'suspended');
  expect(suspended).toMatchObject([{ requestId: denied[2], facts: { requestIds: denied } }]);

  const { workspace } = slackOf(cloud);
  const about = () =>
    workspace.messagesIn(CHANNEL).filter(({ text }) => text.includes('3 requests of analyst1 were denied'));
  await until(
    async () => about(),
    (messages) => messages.length === 1,
  );
  // Somebody else is not concerned.
  const other = await cloud.as('employee1')('POST', '/requests?wait=20', { reason });
  expect(other.body).toMatchObject({ status: 'DENIED' });
  expect(about()).toHaveLength(1);
});
