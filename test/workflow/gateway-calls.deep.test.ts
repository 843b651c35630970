import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { keyOfExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const ANALYST = 'analyst1';
const AUDITOR = 'auditor1';
const METRIC = { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } };

let cloud: Cloud;
let postern: PosternOfCloud;
let folder: string;
let session: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-calls-'));
  cloud = await startCloud({ gatewayPort: 0, dataDir: folder });
  postern = posternOf(cloud);
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
  const keys = await open();
  session = keys.sessionId;
  const client = new DynamoDBClient({
    endpoint: cloud.urls.gateway ?? '',
    region: REGION,
    credentials: { ...keys },
    maxAttempts: 1,
  });
  await client.send(new GetItemCommand({ TableName: 'bank_operational_metrics', Key: METRIC }));
  await client.send(
    new GetItemCommand({ TableName: 'bank_operational_metrics', Key: { ...METRIC, day: { S: 'none' } } }),
  );
  await client
    .send(new BatchGetItemCommand({ RequestItems: { users_table: { Keys: [{ id: { S: 'admin' } }] } } }))
    .catch(() => {});
  client.destroy();
  await recorded(6);
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Keys = { sessionId: string; accessKeyId: string; secretAccessKey: string; sessionToken: string };
async function open(): Promise<Keys> {
  const { body } = await cloud.as(ANALYST)('POST', '/delegations', {
    reason: 'The weekly report of the bank.',
  });
  const answer = await fetch(`${cloud.urls.gateway}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation: body.delegation }),
  });
  const { sessionId, accessKeyId, secretAccessKey, sessionToken } = (await answer.json()) as Keys;
  return { sessionId, accessKeyId, secretAccessKey, sessionToken };
}

/** The records, once there are as many: outcomes follow their answers. */
async function recorded(count: number): Promise<CallRecord[]> {
  for (;;) {
    const { body } = await cloud.as(AUDITOR)('GET', `/gateway-sessions/${session}/calls`);
    const records = body.calls as CallRecord[];
    if (records.length >= count) return records;
  }
}

/** As an auditor, who reads the archive with the role for it. */
const auditing = () => {
  const { archiveUrl, credentials } = cloud.access.audit;
  return {
    POSTERN_ARCHIVE_URL: archiveUrl,
    AWS_SHARED_CREDENTIALS_FILE: process.env.AWS_SHARED_CREDENTIALS_FILE,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
};
const audit = (args: readonly string[]) =>
  postern.runApart(AUDITOR, ['--profile', AUDITOR, '--region', REGION, ...args], auditing());

test('an auditor exports what was sent and answered as an HTTP archive', async () => {
  const { out, code } = await audit(['calls', session, '--export', 'har']);
  expect(code).toBe(0);
  const { log } = JSON.parse(out);
  expect(
    log.entries.map(({ request, response }: never) => [
      Reflect.get(request, 'method'),
      Reflect.get(response, 'status'),
    ]),
  ).toEqual([
    ['POST', 200],
    ['POST', 200],
  ]);
  expect(JSON.parse(log.entries[0].request.postData.text)).toEqual({
    TableName: 'bank_operational_metrics',
    Key: METRIC,
  });
  expect(JSON.parse(log.entries[0].response.content.text).Item.metric).toEqual(METRIC.metric);
  expect(out).not.toMatch(/authorization|security-token|AWS4-HMAC/i);
});

test('nobody else reads the archive', async () => {
  const env = { POSTERN_ARCHIVE_URL: cloud.access.audit.archiveUrl };
  const refused = await postern.run(
    ANALYST,
    ['calls', session, '--export', 'har', '--archive-profile', ANALYST],
    env,
  );
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('archive bucket: 4')]);
  const [, , outcome] = await recorded(6);
  expect(outcome?.facts.exchangeSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOfExchange(session, outcome?.facts.callId ?? '')).toMatch(
    /^calls\/gateway-[0-9A-Z]{26}\/[0-9a-f-]{36}\.json$/,
  );
});

test('calls are exported as OCSF API activity, refusals among them', async () => {
  const { out } = await postern.run(ANALYST, ['calls', session, '--export', 'ocsf']);
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(
    events.map(({ class_uid, activity_name, status_id, api }) => [
      class_uid,
      activity_name,
      status_id,
      api.operation,
    ]),
  ).toEqual([
    [6003, 'Read', 1, 'GetItem'],
    [6003, 'Read', 1, 'GetItem'],
    [6003, 'Read', 2, 'BatchGetItem'],
  ]);
});

test('every call of CloudTrail’s has a record; one that the gateway did not make is named', async () => {
  const cloudtrail = join(folder, 'cloudtrail');
  const whole = await postern.run(AUDITOR, [
    'calls',
    'reconcile',
    '--principal',
    ANALYST,
    '--cloudtrail',
    cloudtrail,
  ]);
  expect([whole.code, whole.out]).toEqual([
    0,
    '2 calls of the gateway’s sessions in CloudTrail, 2 of them recorded.\n',
  ]);
  const [, intent] = await recorded(6);
  const stolen = {
    ...{
      eventTime: '2026-11-29T08:00:00Z',
      eventSource: 'dynamodb.amazonaws.com',
      eventName: 'Scan',
      requestID: 'STOLEN',
    },
    userIdentity: {
      arn: `arn:aws:sts::123456789012:assumed-role/postern-brokered-internal/${intent?.facts.requestId}`,
      sessionContext: { sourceIdentity: ANALYST },
    },
  };
  writeFileSync(join(cloudtrail, 'more.jsonl'), `${JSON.stringify(stolen)}\n`);
  const short = await postern.run(AUDITOR, ['calls', 'reconcile', session, '--cloudtrail', cloudtrail]);
  expect([short.code, short.out]).toEqual([
    1,
    expect.stringMatching(/dynamodb:Scan {2}.*NOT RECORDED {2}STOLEN/),
  ]);
});

test('a session is replayed into the sandbox, and answered as before; what changed meanwhile is told', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = await open();
  const env = {
    ...auditing(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: cloud.urls.gateway,
  };
  const { archiveUrl, credentials } = cloud.access.audit;
  const profiles = join(postern.home, 'auditors');
  writeFileSync(
    profiles,
    [
      `[${AUDITOR}]\naws_access_key_id = ${cloud.access.principals[AUDITOR]?.accessKeyId}\naws_secret_access_key = ${cloud.access.principals[AUDITOR]?.secretAccessKey}`,
      `[audit]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\naws_session_token = ${credentials.sessionToken}`,
    ].join('\n'),
  );
  const replay = (more: NodeJS.ProcessEnv = {}) =>
    postern.runApart(
      AUDITOR,
      ['--profile', AUDITOR, '--region', REGION, 'calls', 'replay', session, '--archive-profile', 'audit'],
      { ...env, AWS_SHARED_CREDENTIALS_FILE: profiles, POSTERN_ARCHIVE_URL: archiveUrl, ...more },
    );
  const same = await replay();
  expect(same.code).toBe(0);
  expect(same.out.match(/^same .* HTTP 200$/gm)).toHaveLength(2);
  const ended = await cloud.as(ANALYST)('GET', '/gateway-sessions');
  for (const { sessionId } of ended.body.sessions as { sessionId: string }[]) {
    if (sessionId !== session) await cloud.as(ANALYST)('POST', `/gateway-sessions/${sessionId}/end`, {});
  }
  const other = await replay();
  expect([other.code, other.out]).toEqual([1, expect.stringMatching(/^different .* HTTP 200, now 403/m)]);
  const elsewhere = await replay({ AWS_ENDPOINT_URL: 'https://dynamodb.eu-central-1.amazonaws.com' });
  expect([elsewhere.code, elsewhere.err]).toEqual([1, expect.stringContaining('sandbox of this machine')]);
});
