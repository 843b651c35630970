import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { gatewaySeed } from '../../sandbox/gateway/gateway-seed.ts';
import { startSandboxGateway } from '../../sandbox/gateway/start-sandbox-gateway.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const AGENT = 'customer_support_agent';
const TABLE = 'support_requests';
const RULES = `
@id("new-tickets-need-a-person")
forbid (principal, action == Action::"dynamodb:PutItem", resource)
unless { context.approvals >= 1 };
`;
const Item = { user_id: { S: 'c-1042' }, ticket_id: { S: '1' }, subject: { S: 'A card' } };

/** Two gateways of one seed before one broker, with its own tables. */
let folder: string;
let cloud: Cloud;
let slack: SlackOfCloud;
let second: Awaited<ReturnType<typeof startSandboxGateway>>;
const startAnother = () =>
  startSandboxGateway({
    port: 0,
    seed: gatewaySeed(join(folder, 'data')),
    configDir: join(folder, 'config'),
    ...{ aws: cloud.aws, logs: cloud.logs, template: cloud.template },
    edge: { url: cloud.urls.console } as Parameters<typeof startSandboxGateway>[0]['edge'],
  });
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-replicas-'));
  const configDir = join(folder, 'config');
  cpSync('config', configDir, { recursive: true });
  appendFileSync(join(configDir, 'gateway.cedar'), RULES);
  cloud = await startCloud({ gatewayPort: 0, configDir, dataDir: join(folder, 'data') });
  slack = slackOf(cloud);
  cloud.reviewer.says(proposing(TABLE, ['dynamodb:GetItem', 'dynamodb:PutItem']));
  second = await startAnother();
});
afterAll(async () => {
  await second?.close();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open() {
  const reason = 'The customer wants a ticket about a card that does not arrive.';
  const subjectToken = await cloud.subjectToken('c-1042');
  const { body } = await cloud.as(AGENT)('POST', '/delegations', { reason, subjectToken });
  const answer = await fetch(`${cloud.urls.gateway}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation: body.delegation }),
  });
  const { sessionId, accessKeyId, secretAccessKey, sessionToken } = (await answer.json()) as Record<
    string,
    string
  >;
  const credentials = {
    accessKeyId: `${accessKeyId}`,
    secretAccessKey: `${secretAccessKey}`,
    sessionToken: `${sessionToken}`,
  };
  const clientAt = (endpoint: string) =>
    new DynamoDBClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
  return {
    sessionId: `${sessionId}`,
    first: clientAt(cloud.urls.gateway ?? ''),
    clientAt,
    second: clientAt(second.url),
  };
}
const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'works',
    (error: Error) => error.name,
  );
const row = () =>
  new GetItemCommand({ TableName: TABLE, Key: { user_id: Item.user_id, ticket_id: Item.ticket_id } });
const written = () => cloud.usedCalls().filter(({ action }) => action === 'dynamodb:PutItem').length;

test('a session that one gateway opened works at the other, and is over at both once it is ended', async () => {
  const keys = await open();
  expect([await errorOf(keys.first.send(row())), await errorOf(keys.second.send(row()))]).toEqual([
    'works',
    'works',
  ]);
  await cloud.as('approver1')('POST', `/gateway-sessions/${keys.sessionId}/end`, {});
  const after = await Promise.all([errorOf(keys.first.send(row())), errorOf(keys.second.send(row()))]);
  expect(after).toEqual(['ExpiredTokenException', 'ExpiredTokenException']);
});

test('a call that a gateway held when it ended is made once, by another, with the approval it was given', async () => {
  const ending = await startAnother();
  const { clientAt, first, second: other } = await open();
  const put = new PutItemCommand({ TableName: TABLE, Item });
  const held = errorOf(clientAt(ending.url).send(put));
  const found = await until(
    async () => {
      const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
      const { body } = await cloud.as('auditor1')('GET', path);
      return (body.requests as { requestId: string; call?: unknown }[])[0];
    },
    (request) => request?.call !== undefined,
  );
  await ending.close();
  expect(await held).not.toBe('works');
  expect(written()).toBe(0);
  await slack.click(
    'U0APPROVER1',
    await slack.message('#access-approvals', found?.requestId ?? ''),
    'approve',
  );
  await until(
    async () => (await cloud.as('auditor1')('GET', `/requests/${found?.requestId}`)).body.status,
    (status) => status === 'ALLOWED',
  );
  // Both at once: the approval is used by one. The other asks anew, and its client goes.
  const giveUp = new AbortController();
  const both = [first, other].map((client) =>
    client.send(put, { abortSignal: giveUp.signal }).then(() => 'works'),
  );
  expect(await Promise.any(both)).toBe('works');
  giveUp.abort();
  await Promise.allSettled(both);
  expect(written()).toBe(1);
});
