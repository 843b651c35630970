import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { TABLE_NAMES } from '../../infra/names.ts';
import { gatewayCredential, sealKeyOf } from '../../sandbox/gateway/gateway-credential.ts';
import { GATEWAY_ROLE, gatewaySeed } from '../../sandbox/gateway/gateway-seed.ts';
import { auditAccess } from '../../sandbox/seed/audit-access.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const METRIC = { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } };

/** The gateway as its image runs it: a process, and its environment. */
let folder: string;
let cloud: Cloud;
let child: ChildProcess;
let url: string;
let printed = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-process-'));
  cloud = await startCloud({ gatewayPort: 0, dataDir: folder });
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem']));
  const { aws, template, urls } = cloud;
  const { accessKeyId, secretAccessKey } = gatewayCredential(aws, template);
  child = spawn(process.execPath, ['gateway/main.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env.PATH, PORT: '0', GATEWAY_ADDRESS: '127.0.0.1', GATEWAY_HOSTS: '127.0.0.1' },
      ...{ AWS_REGION: REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      ...{ AWS_ENDPOINT_URL: urls.aws, GATEWAY_UPSTREAM: urls.aws, POSTERN_API: `${urls.api}/` },
      ...{ GATEWAY_ROLE_ARN: GATEWAY_ROLE, GATEWAY_SEED: gatewaySeed(folder).toString('base64url') },
      POSTERN_CONFIG_DIR: resolve('config'),
      DELEGATIONS_TABLE: TABLE_NAMES.delegations,
      PRINCIPALS_TABLE: TABLE_NAMES.principals,
      CALLS_TABLE: TABLE_NAMES.calls,
      ONCE_TABLE: TABLE_NAMES.once,
      ARCHIVE_URL: auditAccess(template, aws).archiveUrl,
      SEAL_KEY_ID: sealKeyOf(template),
    },
  });
  const { promise, resolve: listens, reject } = Promise.withResolvers<string>();
  const hear = (chunk: Buffer) => {
    printed += chunk;
    const [, found] = /"listening":"([^"]+)"/.exec(printed) ?? [];
    if (found !== undefined) listens(found);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.once('exit', () => reject(new Error(`it does not start: ${printed}`)));
  url = await promise;
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('serves calls with nothing but its environment, is healthy, and ends when it is told to', async () => {
  expect(await (await fetch(`${url}/_postern/health`)).text()).toBe('ok\n');
  const { body } = await cloud.as('analyst1')('POST', '/delegations', {
    reason: 'The weekly report of the bank.',
  });
  const opened = await fetch(`${url}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation: body.delegation }),
  });
  const keys = (await opened.json()) as Record<string, string>;
  const credentials = {
    accessKeyId: `${keys.accessKeyId}`,
    secretAccessKey: `${keys.secretAccessKey}`,
    sessionToken: `${keys.sessionToken}`,
  };
  const client = new DynamoDBClient({ endpoint: url, region: REGION, credentials, maxAttempts: 1 });
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'bank_operational_metrics', Key: METRIC }),
  );
  expect(Item?.metric).toEqual(METRIC.metric);
  client.destroy();
  const gone = new Promise<number | null>((done) => child.once('exit', done));
  child.kill('SIGTERM');
  expect(await gone).toBe(0);
  expect(printed).not.toContain(gatewaySeed(folder).toString('base64url'));
});
