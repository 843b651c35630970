import { createHash } from 'node:crypto';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { resolveAll } from '../../support/resolve-all.ts';
import { ACCOUNT, BROKERED, type Endpoint, startEndpoint } from './start-endpoint.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.aws.close());

const { catalog } = makeConfig({ partition: 'aws', region: 'eu-central-1', accountId: ACCOUNT }, 'config');
const policyFor = (actions: string[]) =>
  buildSessionPolicy(resolveAll([{ resource: 'bank_balances', actions }], catalog), 'c-1042');

const request = (more: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommandInput => ({
  RoleArn: BROKERED,
  RoleSessionName: 'agent-01',
  SourceIdentity: 'agent',
  DurationSeconds: 900,
  Policy: policyFor(['dynamodb:GetItem', 'dynamodb:Query']),
  Tags: [
    { Key: 'postern:request-id', Value: 'agent-01' },
    { Key: 'postern:principal', Value: 'agent' },
  ],
  ...more,
});

async function assume(more: Partial<AssumeRoleCommandInput> = {}, as: Endpoint['admin'] = endpoint.broker) {
  const sts = new STSClient(as);
  try {
    return await sts.send(new AssumeRoleCommand(request(more)));
  } finally {
    sts.destroy();
  }
}

async function session() {
  const { Credentials: it } = await assume();
  if (!it?.AccessKeyId || !it.SecretAccessKey || !it.SessionToken) throw new Error('no credentials');
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = it;
  return { ...endpoint.admin, credentials: { accessKeyId, secretAccessKey, sessionToken } };
}

describe('what a brokered session may do, as IAM sees it', () => {
  let database: DynamoDBClient;
  beforeAll(async () => {
    database = new DynamoDBClient(await session());
  });
  afterAll(() => database.destroy());

  const own = { user_id: { S: 'c-1042' } };
  const other = { user_id: { S: 'c-2077' } };
  const TableName = 'bank_balances';

  test("its subject's row, by key and by query", async () => {
    const { Item } = await database.send(new GetItemCommand({ TableName, Key: own }));
    expect(Item?.balance).toEqual({ N: '10' });
    const { Items } = await database.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#u = :u',
        ExpressionAttributeNames: { '#u': 'user_id' },
        ExpressionAttributeValues: { ':u': { S: 'c-1042' } },
      }),
    );
    expect(Items).toHaveLength(1);
  });

  test.each([
    ["another customer's row", () => new GetItemCommand({ TableName, Key: other })],
    ['a scan', () => new ScanCommand({ TableName })],
    ['another table', () => new GetItemCommand({ TableName: 'bank_customer_profiles', Key: own })],
    ['an action it was not granted', () => new UpdateItemCommand({ TableName, Key: own })],
    [
      'a batch with another row in it',
      () => new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [own, other] } } }),
    ],
    [
      "a query of another customer's rows",
      () =>
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'user_id = :u',
          ExpressionAttributeValues: { ':u': { S: 'c-2077' } },
        }),
    ],
    [
      'the same by the legacy parameter',
      () =>
        new QueryCommand({
          TableName,
          KeyConditions: { user_id: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'c-2077' }] } },
        }),
    ],
  ])('%s: AccessDenied', async (_, command) => {
    await expect(database.send(command() as GetItemCommand)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('AssumeRole', () => {
  test('answers who was assumed, and the session says so itself', async () => {
    const sts = new STSClient(await session());
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/postern-brokered-restricted/agent-01`);
  });

  test.each([
    ['shorter than 900 s', { DurationSeconds: 899 }, 'ValidationError'],
    ['longer than an hour, by a role session', { DurationSeconds: 3601 }, 'ValidationError'],
    ['a session name with a space', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['a source identity of one character', { SourceIdentity: 'a' }, 'ValidationError'],
    [
      'a session policy of 2,049 characters',
      { Policy: JSON.stringify({ Statement: [], x: 'x'.repeat(2030) }) },
      'ValidationError',
    ],
    [
      'a session policy with a character beyond U+00FF',
      { Policy: '{"Statement":[],"x":"\u0100"}' },
      'ValidationError',
    ],
    ['a session policy that is no JSON', { Policy: '{"Statement":' }, 'MalformedPolicyDocumentException'],
    ['no source identity', { SourceIdentity: undefined }, 'AccessDenied'],
    ['no tags', { Tags: [{ Key: 'other', Value: 'x' }] }, 'AccessDenied'],
    [
      'a role there is not',
      { RoleArn: `arn:aws:iam::${ACCOUNT}:role/postern-brokered-secret` },
      'AccessDenied',
    ],
  ])('%s: refused', async (_, more, name) => {
    await expect(assume(more as Partial<AssumeRoleCommandInput>)).rejects.toMatchObject({ name });
  });

  test('a policy that packs too large', async () => {
    const noise = Array.from({ length: 45 }, (_, n) => createHash('sha256').update(`${n}`).digest('base64'));
    const Resource = `arn:aws:s3:::${noise
      .join('')
      .replaceAll(/[^a-z0-9]/gi, '')
      .slice(0, 1900)}`;
    const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }] });
    await expect(assume({ Policy })).rejects.toMatchObject({ name: 'PackedPolicyTooLargeException' });
  });

  test('by anybody but assume-role, an administrator included: refused', async () => {
    for (const as of [endpoint.admin, endpoint.nobody]) {
      await expect(assume({}, as)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });
});
