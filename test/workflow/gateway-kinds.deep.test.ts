import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runAwsCall } from '../../clients/mcp/run-aws-call.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { grantableActions } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import { entryOf, writeKindsConfig } from '../support/kinds/kinds-config.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

const configDir = writeKindsConfig();
let cloud: Cloud;
let keys: Keys;
beforeAll(async () => {
  const template = await synthesise(configDir);
  cloud = await startCloud({ configDir, template, bundles: bundles(), gatewayPort: 0 });
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.urls.gateway);
  const { body } = await cloud.as('analyst1')('POST', '/delegations', {
    reason: 'The orders of the shop are looked through.',
  });
  const { delegation } = body;
  const opened = await fetch(`${cloud.urls.gateway}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation }),
  });
  keys = (await opened.json()) as Keys;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.close();
  rmSync(configDir, { recursive: true, force: true });
});

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/orders-jobs`;
const sample = { Bucket: 'shop-exports', Key: 'orders/sample.txt' };

/** Granted to nobody beforehand: the gateway asks for each as it comes. */
test.each([
  ['orders_exports', 's3', 'GetObject', sample, { Body: expect.stringContaining('sample') }],
  [
    'orders_exports',
    's3',
    'PutObject',
    { ...sample, Key: 'orders/new.txt', Body: 'new' },
    { ETag: expect.anything() },
  ],
  ['orders_exports', 's3', 'ListObjectsV2', { Bucket: 'shop-exports', Prefix: 'orders/' }, { KeyCount: 2 }],
  [
    'orders_vault',
    's3',
    'GetObject',
    { Bucket: 'shop-vault', Key: 'orders/sample.txt' },
    { Body: expect.anything() },
  ],
  ['orders_jobs', 'sqs', 'SendMessage', { QueueUrl, MessageBody: 'job' }, { MessageId: expect.anything() }],
  [
    'orders_jobs',
    'sqs',
    'ReceiveMessage',
    { QueueUrl },
    { Messages: [expect.objectContaining({ Body: 'job' })] },
  ],
  [
    'orders_secret',
    'secretsmanager',
    'GetSecretValue',
    { SecretId: arn('secretsmanager', 'secret:shop/orders-AbCdEf') },
    { Name: 'shop/orders' },
  ],
  [
    'orders_report',
    'lambda',
    'Invoke',
    { FunctionName: 'orders-report', Payload: '1' },
    { Payload: '{"function":"orders-report","event":1}' },
  ],
  [
    'orders_log',
    'logs',
    'FilterLogEvents',
    { logGroupName: '/shop/orders' },
    { events: [expect.anything()] },
  ],
  [
    'customer_pool',
    'cognito-idp',
    'ListUsers',
    { UserPoolId: `${REGION}_ShopPool` },
    { Users: expect.anything() },
  ],
  [
    'orders_topic',
    'sns',
    'Publish',
    { TopicArn: arn('sns', 'orders'), Message: 'x' },
    { MessageId: expect.anything() },
  ],
  [
    'orders_refund',
    'states',
    'StartExecution',
    { stateMachineArn: arn('states', 'stateMachine:orders-refund') },
    { executionArn: expect.anything() },
  ],
  ['what_there_is', 'sqs', 'ListQueues', {}, { QueueUrls: expect.anything() }],
])('%s by the gateway: %s %s', async (key, service, operation, input, answer) => {
  cloud.reviewer.says(proposing(key, grantableActions(entryOf(key))));
  expect(await runAwsCall(keys, { service, operation, input, region: REGION })).toMatchObject(answer);
});

test('what is next door is refused by the gateway too', async () => {
  cloud.reviewer.says(proposing('orders_exports', ['s3:GetObject']));
  const input = { Bucket: 'shop-exports', Key: 'payroll/sample.txt' };
  const call = { service: 's3', operation: 'GetObject', input, region: REGION };
  await expect(runAwsCall(keys, call)).rejects.toMatchObject({ name: 'AccessDenied' });
});
