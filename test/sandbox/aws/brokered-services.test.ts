import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { resourcesOfCatalog } from '../../../sandbox/aws/brokered/resources-of-catalog.ts';
import { readFilterPattern } from '../../../sandbox/aws/logs/filter-pattern.ts';
import { ACCOUNT } from './small-endpoint.ts';
import { type Shop, startShop } from './start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('a queue', () => {
  let sqs: SQSClient;
  beforeAll(() => {
    sqs = new SQSClient(shop.client);
  });
  afterAll(() => sqs.destroy());
  const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  const receive = async (QueueUrl: string | undefined, more = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ??
    [];

  test('has a URL at the sandbox, so that SDKs which send to it arrive', async () => {
    expect(await urlOf('orders-jobs')).toBe(`${shop.url}/${ACCOUNT}/orders-jobs`);
  });

  test('whoever waits is handed what comes meanwhile', async () => {
    const QueueUrl = await urlOf('orders-jobs');
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late' }));
    const [message] = await waiting;
    expect(message?.Body).toBe('late');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  });

  test('what is not deleted comes again, under another receipt', async () => {
    const QueueUrl = await urlOf('orders-jobs');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    const [first] = await receive(QueueUrl, { VisibilityTimeout: 0 });
    const [second] = await receive(QueueUrl, { AttributeNames: ['All'] });
    expect(second?.Attributes?.ApproximateReceiveCount).toBe('2');
    // The first receipt is void, and harms nothing.
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
  });

  test('in order: a group waits for its message in flight, and a message sent twice comes once', async () => {
    const QueueUrl = await urlOf('orders.fifo');
    const send = (MessageBody: string, MessageGroupId: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));
    for (const [body, group] of [
      ['a1', 'a'],
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
    ] as const)
      await send(body, group);
    const [first] = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('a1');
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['b1']);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['a2']);
    const without = new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
    await expect(sqs.send(without)).rejects.toMatchObject({ name: 'MissingParameter' });
  });

  test.each([
    ['of nobody', `/${ACCOUNT}/none`, 'QueueDoesNotExist'],
    ['of another account', '/210987654321/orders-jobs', 'AccessDeniedException'],
    ['that is none', '/orders-jobs', 'InvalidAddress'],
    ['with more behind it', `/${ACCOUNT}/orders-jobs/../payroll-jobs/x`, 'InvalidAddress'],
  ])('a URL %s is refused', async (_, path, name) => {
    const client = new SQSClient({ ...shop.client, useQueueUrlAsEndpoint: false });
    const QueueUrl = `https://sqs.eu-central-1.amazonaws.com${path}`;
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({ name });
    client.destroy();
  });
});

describe('a function', () => {
  let lambda: LambdaClient;
  beforeAll(() => {
    lambda = new LambdaClient(shop.client);
  });
  afterAll(() => lambda.destroy());
  const ARN = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:orders-report`;

  test.each(['orders-report', ARN, `${ACCOUNT}:function:orders-report`, 'orders-report:$LATEST'])(
    'is invoked as %s',
    async (FunctionName) => {
      const { Payload, StatusCode } = await lambda.send(new InvokeCommand({ FunctionName }));
      expect([StatusCode, JSON.parse(Buffer.from(Payload ?? []).toString())]).toEqual([
        200,
        { function: 'orders-report', event: null },
      ]);
    },
  );

  test.each([
    ['Event', 202],
    ['DryRun', 204],
  ] as const)('%s is answered without a result', async (InvocationType, status) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: 'orders-report', InvocationType }));
    expect(answer.StatusCode).toBe(status);
  });

  test.each([
    ['a name of nobody', { FunctionName: 'none' }, 'ResourceNotFoundException'],
    [
      'a version that there is not',
      { FunctionName: 'orders-report', Qualifier: '7' },
      'ResourceNotFoundException',
    ],
    [
      'what is no JSON',
      { FunctionName: 'orders-report', Payload: Buffer.from('{') },
      'InvalidRequestContentException',
    ],
  ])('%s is refused', async (_, input, name) => {
    await expect(lambda.send(new InvokeCommand(input))).rejects.toMatchObject({ name });
  });
});

describe('a key', () => {
  let kms: KMSClient;
  beforeAll(() => {
    kms = new KMSClient(shop.client);
  });
  afterAll(() => kms.destroy());
  const KeyId = '11111111-2222-3333-4444-555555555555';
  const EncryptionContext = { order: '7', shop: 'ours' };

  test('opens what it sealed, in whatever order the context is said', async () => {
    const { CiphertextBlob, Plaintext } = await kms.send(
      new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
    );
    const opened = new DecryptCommand({ CiphertextBlob, EncryptionContext: { shop: 'ours', order: '7' } });
    expect((await kms.send(opened)).Plaintext).toEqual(Plaintext);
  });

  test.each([
    ['another context', { EncryptionContext: { order: '8', shop: 'ours' } }],
    ['none', {}],
    ['another key', { EncryptionContext, KeyId: '99999999-8888-7777-6666-555555555555' }],
    ['half of it', { EncryptionContext, CiphertextBlob: new Uint8Array([0, 90, 1]) }],
    ['nothing', { EncryptionContext, CiphertextBlob: new Uint8Array([0]) }],
  ])('%s opens nothing', async (_, more) => {
    const Plaintext = Buffer.from('invoice');
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
    await expect(kms.send(new DecryptCommand({ CiphertextBlob, ...more }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });
});

test('a topic that nobody named has nothing published to it', async () => {
  const sns = new SNSClient(shop.client);
  const TopicArn = `arn:aws:sns:eu-central-1:${ACCOUNT}:none`;
  await expect(sns.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  sns.destroy();
});

test('a user pool: users that there are not, and filters that are none', async () => {
  const cognito = new CognitoIdentityProviderClient(shop.client);
  const UserPoolId = 'eu-central-1_ShopPool';
  await expect(cognito.send(new AdminGetUserCommand({ UserPoolId, Username: 'x' }))).rejects.toMatchObject({
    name: 'UserNotFoundException',
  });
  await expect(cognito.send(new ListUsersCommand({ UserPoolId, Filter: '1=1' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  cognito.destroy();
});

test.each([
  ['', 'anything', true],
  ['ERROR', 'an ERROR', true],
  ['ERROR order', 'ERROR of payment', false],
  ['"no such order"', 'no such order', true],
  ['"no such order"', 'no order such', false],
  ['ERROR -debug', 'ERROR debug', false],
  ['?ERROR ?WARN', 'a WARN', true],
  ['?ERROR ?WARN', 'INFO', false],
])('the pattern %j fits %j: %s', (pattern, message, fits) => {
  expect(readFilterPattern(pattern)(message)).toBe(fits);
});
test.each(['{ $.level = "ERROR" }', '[ip, user]', '%regex%'])(
  'the pattern %s is refused, not read as terms',
  (pattern) => {
    expect(() => readFilterPattern(pattern)).toThrow('patterns of terms');
  },
);

describe('what a catalog names', () => {
  const PLACE = { region: 'eu-central-1', accountId: ACCOUNT };
  const entry = (kind: string, arns: string[], more = {}) =>
    catalogResourceSchema.parse({
      key: 'something',
      kind,
      arns,
      purpose: 'Something that is brokered',
      sensitivity: 'internal',
      actions: { read: ['s3:GetObject'] },
      maxDurationSeconds: 900,
      ...more,
    });

  test('is here if it is of this account and region', () => {
    const names = [`eu-central-1:${ACCOUNT}`, `eu-west-1:${ACCOUNT}`, 'eu-central-1:210987654321'];
    const arns = names.map((place, index) => `arn:aws:sqs:${place}:queue-${index}`);
    expect(resourcesOfCatalog([entry('sqs-queue', arns)], PLACE).queues).toEqual(['queue-0']);
  });

  test('a secret by its whole ARN has the name without what AWS drew', () => {
    const whole = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:app-XyZ123`;
    const [secret] = resourcesOfCatalog([entry('secret', [whole], { wholeArns: true })], PLACE).secrets;
    expect(secret).toEqual({ name: 'app', arn: whole });
    const [named] = resourcesOfCatalog([entry('secret', [whole], { wholeArns: false })], PLACE).secrets;
    expect(named).toEqual({ name: 'app-XyZ123', arn: `${whole}-AbCdEf` });
  });

  test('a key encrypts the resource and what is in it, and nothing that begins alike', () => {
    const kmsKeyArn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/one`;
    const table = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/orders`;
    const { keyOf } = resourcesOfCatalog(
      [
        entry('dynamodb-table', [table], { kmsKeyArn }),
        entry('s3-prefix', ['arn:aws:s3:::vault/a/'], { kmsKeyArn }),
      ],
      PLACE,
    );
    const encrypted = [table, `${table}/index/byDay`, 'arn:aws:s3:::vault/b/c'];
    expect(encrypted.map((arn) => keyOf(arn)?.arn)).toEqual([kmsKeyArn, kmsKeyArn, kmsKeyArn]);
    const others = [`${table}2`, `${table}-old`, 'arn:aws:s3:::vault2/a', 'arn:aws:s3:::vault-b/a'];
    expect(others.map((arn) => keyOf(arn))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
