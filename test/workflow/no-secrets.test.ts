import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

/** One session claimed with a key of the front door's own, for a customer; its secrets and its token. */
async function issueOne(): Promise<string[]> {
  cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem']));
  const subjectToken = await cloud.subjectToken('c-1042');
  const { body } = await cloud.as('customer_support_agent')('POST', '/credentials', {
    reason: 'The customer asks for the balance of their account.',
    subjectToken,
  });
  const { secretAccessKey, sessionToken } = body.credentials as Credentials;
  return [secretAccessKey, sessionToken, subjectToken];
}

async function allTables(): Promise<string> {
  const rows = await Promise.all(
    cloud.template.tables.map(
      async ({ name }) => (await cloud.database.send(new ScanCommand({ TableName: name }))).Items,
    ),
  );
  return JSON.stringify(rows);
}

async function allHistories(): Promise<string> {
  const { executions = [] } = await cloud.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: cloud.machineArn }),
  );
  return JSON.stringify(await Promise.all(executions.map(({ name = '' }) => cloud.historyOf(name))));
}

test('no secret key, session token or subject token is in a table, a history or a log line', async () => {
  const secrets = [...(await issueOne()), ...(await issueOne())];
  const places = {
    tables: await allTables(),
    histories: await allHistories(),
    logs: cloud.logs.text(),
  };
  // The places were really looked at: each tells of the requests.
  for (const text of Object.values(places)) expect(text).toMatch(/customer_support_agent|postern-/);
  expect(places.tables).toContain('bank_balances');
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) expect([place, text.includes(secret)]).toEqual([place, false]);
  }
});

test('a refused session is in none of them either: the front door fails, and nothing is kept', async () => {
  cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem']));
  const subjectToken = `${await cloud.subjectToken('c-1042')}x`;
  const reason = 'The customer asks for the balance of their account.';
  const answer = await cloud.as('customer_support_agent')('POST', '/requests', { reason, subjectToken });
  expect([answer.status, answer.body.code]).toEqual([401, 'subject_token_invalid']);
  expect(cloud.logs.text()).not.toContain(subjectToken);
});
