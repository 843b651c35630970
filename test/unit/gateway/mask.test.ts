import { readFileSync } from 'node:fs';
import { crc32, gzipSync } from 'node:zlib';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { parseMasks } from '../../../gateway/mask/masks-config.ts';
import type { RunningGateway } from '../../../gateway/serve/start-gateway.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { type FakeBroker, READY, startFakeBroker } from './fake-broker.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { makeTables, openTestSession, startTestGateway } from './start-test-gateway.ts';

const { catalog } = readConfigFiles('config');
const models = openModels();
const TABLE = 'bank_customer_profiles';
const MASKS = JSON.stringify({
  version: 1,
  masks: [
    { id: 'contact', table: TABLE, attributes: ['email'], exceptGroups: ['auditors'] },
    { id: 'users', operation: 'iam:GetUser', fields: ['User.Arn', 'User.CreateDate'] },
    { id: 'keys-of-objects', operation: 's3:HeadObject', sensitive: true },
    { id: 'secrets', operation: 'secretsmanager:GetSecretValue', sensitive: true },
  ],
});

describe('masks that could never apply', () => {
  const mask = (more: object) => JSON.stringify({ version: 1, masks: [{ id: 'a', ...more }] });
  it.each([
    ['a table that the catalog has not', mask({ table: 'bank_profiles', attributes: ['email'] })],
    ['what is no table', mask({ table: 'bank_user_pool', attributes: ['email'] })],
    ['an operation that is none', mask({ operation: 'secretsmanager:GetSecret', sensitive: true })],
    ['an answer that is a stream', mask({ operation: 's3:GetObject', fields: ['Body'] })],
    ['a stream that detectors would have to read', mask({ operation: 's3:GetObject', detect: ['email'] })],
    ['a path that leads to nothing', mask({ operation: 'iam:GetUser', fields: ['User.Email'] })],
    ['fields of many operations', mask({ operation: 'iam:*', fields: ['User.Arn'] })],
    ['a service that is none', mask({ operation: 'iams:*', sensitive: true })],
    ['a model that calls nothing sensitive', mask({ operation: 'dynamodb:GetItem', sensitive: true })],
    ['nothing', mask({ operation: 'dynamodb:GetItem' })],
    [
      'a name twice',
      JSON.stringify({
        version: 1,
        masks: [0, 1].map(() => ({ id: 'a', table: TABLE, attributes: ['email'] })),
      }),
    ],
    ['no JSON', '{'],
  ])('fail when they are loaded: %s', (_, text) => {
    expect(() => parseMasks(text, catalog, models)).toThrowError(/masks\.json/);
  });

  test('are not in the configuration that ships', () => {
    expect(parseMasks(readFileSync('config/masks.json', 'utf8'), catalog, models).length).toBeGreaterThan(0);
  });
});

describe('an answer', () => {
  let broker: FakeBroker;
  let upstream: FakeUpstream;
  let gateway: RunningGateway;
  const tables = makeTables();
  beforeAll(async () => {
    [broker, upstream] = await Promise.all([startFakeBroker(), startFakeUpstream()]);
    gateway = await startTestGateway(
      tables,
      { api: broker.url, upstream: upstream.url },
      { masksText: MASKS },
    );
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([broker.close(), upstream.close()]);
  });
  beforeEach(() => {
    broker.says(READY);
    upstream.seen.length = 0;
    tables.principal = { ...tables.principal, groups: [] };
  });

  const client = () => {
    const { accessKeyId, secretAccessKey, sessionToken } = openTestSession(tables);
    return {
      endpoint: gateway.url,
      region: 'eu-central-1',
      maxAttempts: 3,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    };
  };
  const dynamodb = () => new DynamoDBClient(client());
  const answers = (body: object, headers: Record<string, string> = {}) => {
    const text = JSON.stringify(body);
    upstream.answers((_, response) => {
      response
        .writeHead(200, {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-crc32': String(crc32(text)),
          ...headers,
        })
        .end(text);
    });
  };
  const get = new GetItemCommand({ TableName: TABLE, Key: { user_id: { S: 'c-1042' } } });
  const item = {
    user_id: { S: 'c-1042' },
    email: { S: 'a@b.example' },
    more: { M: { email: { L: [{ S: 'c@d.example' }] } } },
  };
  const errorOf = (run: Promise<unknown>) =>
    run.then(
      () => 'works',
      (error: Error) => error.name,
    );

  test('has the attribute masked at any depth, one checksum that fits, and was asked for once', async () => {
    answers({ Item: item });
    const { Item } = await dynamodb().send(get);
    expect(Item).toEqual({
      user_id: { S: 'c-1042' },
      email: { S: '[masked]' },
      more: { M: { email: { S: '[masked]' } } },
    });
    expect(upstream.seen.length).toBe(1);
    expect(JSON.stringify(tables.records)).not.toContain('b.example');
  });

  test('of every part of a batch is masked', async () => {
    answers({ Responses: { [TABLE]: [item], bank_balances: [{ balance: { N: '1' } }] } });
    const keys = { Keys: [{ user_id: { S: 'c-1042' } }] };
    const { Responses } = await dynamodb().send(
      new BatchGetItemCommand({ RequestItems: { [TABLE]: keys, bank_balances: keys } }),
    );
    expect(Responses?.[TABLE]?.[0]?.email).toEqual({ S: '[masked]' });
  });

  test('is shown to whom the mask excepts, and of other tables to everybody', async () => {
    tables.principal = { ...tables.principal, groups: ['auditors'] };
    answers({ Item: item });
    expect((await dynamodb().send(get)).Item?.email).toEqual({ S: 'a@b.example' });
    tables.principal = { ...tables.principal, groups: [] };
    const other = new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: 'c-1042' } } });
    expect((await dynamodb().send(other)).Item?.email).toEqual({ S: 'a@b.example' });
  });

  test('that cannot be read is not passed on', async () => {
    answers({ Item: item }, { 'content-encoding': 'gzip' });
    expect(await errorOf(dynamodb().send(get))).toBe('AccessDeniedException');
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    upstream.answers((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    expect(await errorOf(dynamodb().send(get))).toBe('AccessDeniedException');
    upstream.answers((_, response) => response.writeHead(200).end('{"Item":{"email":{"S":"a@b.example"}}'));
    const error = await dynamodb()
      .send(get)
      .catch((caught: Error) => caught);
    expect(JSON.stringify(error)).not.toContain('b.example');
  });

  test('has what the model calls sensitive masked, where a mask says so', async () => {
    answers({ Name: 'db', SecretString: 'hunter2' });
    const { Name, SecretString } = await new SecretsManagerClient(client()).send(
      new GetSecretValueCommand({ SecretId: 'db' }),
    );
    expect([Name, SecretString]).toEqual(['db', '[masked]']);
  });

  test('that is compressed is read, and is not compressed again', async () => {
    const text = gzipSync(JSON.stringify({ Item: item }));
    upstream.answers((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(text));
    expect((await dynamodb().send(get)).Item?.email).toEqual({ S: '[masked]' });
  });

  test('in XML has what a path leads to masked, and its headers too', async () => {
    upstream.answers((_, response) =>
      response.writeHead(200, { 'content-type': 'text/xml' }).end(
        `<GetUserResponse><GetUserResult><User><UserName>sam</UserName><Arn>arn:aws:iam::1:user/sam</Arn>
        <CreateDate>2026-01-01T00:00:00Z</CreateDate></User></GetUserResult></GetUserResponse>`,
      ),
    );
    const { User } = await new IAMClient(client()).send(new GetUserCommand({ UserName: 'sam' }));
    expect(User).toEqual({ UserName: 'sam', Arn: '[masked]' });
    upstream.answers((_, response) =>
      response
        .writeHead(200, { 'content-length': 12, 'x-amz-server-side-encryption-aws-kms-key-id': 'a-key' })
        .end(),
    );
    const head = await new S3Client({ ...client(), forcePathStyle: true }).send(
      new HeadObjectCommand({ Bucket: 'bucket-one', Key: 'a' }),
    );
    expect([head.ContentLength, head.SSEKMSKeyId]).toEqual([12, undefined]);
  });

  const query = (more: Partial<QueryCommandInput>) =>
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'user_id = :u',
      ExpressionAttributeValues: { ':u': { S: 'c-1042' } },
      ...more,
    });
  it.each([
    ['a filter', query({ FilterExpression: 'begins_with(email, :u)' })],
    [
      'a name behind a placeholder',
      query({ FilterExpression: '#e = :u', ExpressionAttributeNames: { '#e': 'email' } }),
    ],
    ['a count', query({ FilterExpression: 'contains(email, :u)', Select: 'COUNT' })],
    ['a projection', query({ ProjectionExpression: 'more.email' })],
  ])('is not asked for where the call uses the attribute in %s', async (_, command) => {
    expect(await errorOf(dynamodb().send(command))).toBe('AccessDeniedException');
    expect(upstream.seen).toEqual([]);
  });

  test('is not asked for where the call shows items in another form', async () => {
    const { ExecuteStatementCommand, ExportTableToPointInTimeCommand } = await import(
      '@aws-sdk/client-dynamodb'
    );
    const statement = new ExecuteStatementCommand({ Statement: `SELECT user_id FROM "${TABLE}"` });
    const TableArn = `arn:aws:dynamodb:eu-central-1:123456789012:table/${TABLE}`;
    expect(await errorOf(dynamodb().send(statement))).toBe('AccessDeniedException');
    expect(
      await errorOf(
        dynamodb().send(new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: 'bucket-one' })),
      ),
    ).toBe('AccessDeniedException');
    expect(upstream.seen).toEqual([]);
  });
});
