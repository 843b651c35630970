import { expect } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../../demo/place.ts';

type Answer = Record<string, unknown>;
export type Aws = (service: string, operation: string, input?: Answer) => Promise<Answer>;
type Call = readonly [service: string, operation: string, input: Answer];

/** What a session of these entries is used for, and what it is refused that the team next door has. */
type KindCase = {
  readonly grants: readonly string[];
  /** The request that asks for it, with others where one session can hold them: a request takes half a second. */
  readonly request: string;
  /** On whose behalf it is asked for. */
  readonly subject?: string;
  readonly use: (aws: Aws, admin: Aws) => Promise<void>;
  readonly neighbours: readonly Call[];
};

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const queueUrl = (name: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`;
const SHOP_KEY = '11111111-2222-3333-4444-555555555555';
const EXPORTS = { Bucket: 'shop-exports' };
const REPORT = { ...EXPORTS, Key: 'orders/2026-11-29.csv' };
/** As large as a part must be that is not the last. */
const PART = new Uint8Array(5 * 1024 * 1024).fill(46);

async function useExports(aws: Aws): Promise<void> {
  const listed = await aws('s3', 'ListObjectsV2', { ...EXPORTS, Prefix: 'orders/' });
  expect(listed.Contents).toEqual([expect.objectContaining({ Key: 'orders/sample.txt' })]);
  const sample = await aws('s3', 'GetObject', { ...EXPORTS, Key: 'orders/sample.txt' });
  expect(sample).toMatchObject({
    ContentType: 'text/plain; charset=utf-8',
    Body: expect.stringContaining('sample'),
  });
  const { VersionId: first } = await aws('s3', 'PutObject', {
    ...REPORT,
    Body: 'one',
    Metadata: { by: 'test' },
  });
  await aws('s3', 'PutObject', { ...REPORT, Body: 'two' });
  expect(await aws('s3', 'GetObject', { ...REPORT, Range: 'bytes=1-' })).toMatchObject({ Body: 'wo' });
  const old = await aws('s3', 'GetObject', { ...REPORT, VersionId: first });
  expect(old).toMatchObject({ Body: 'one', Metadata: { by: 'test' } });
  await aws('s3', 'DeleteObject', REPORT);
  const { Versions, DeleteMarkers } = await aws('s3', 'ListObjectVersions', {
    ...EXPORTS,
    Prefix: REPORT.Key,
  });
  expect([Versions, DeleteMarkers]).toEqual([
    expect.objectContaining({ length: 2 }),
    expect.objectContaining({ length: 1 }),
  ]);
  await aws('s3', 'DeleteObject', { ...REPORT, VersionId: first });
  await aws('s3', 'DeleteObjects', { ...EXPORTS, Delete: { Objects: [{ Key: 'orders/a & b.txt' }] } });
  expect(await aws('s3', 'GetBucketLocation', EXPORTS)).toMatchObject({ LocationConstraint: REGION });
  expect(await aws('s3', 'GetBucketVersioning', EXPORTS)).toMatchObject({ Status: 'Enabled' });

  const large = { ...EXPORTS, Key: 'orders/large.csv' };
  const { UploadId } = await aws('s3', 'CreateMultipartUpload', large);
  const part = async (PartNumber: number, Body: Uint8Array | string) => {
    const { ETag } = await aws('s3', 'UploadPart', { ...large, UploadId, PartNumber, Body });
    return { ETag, PartNumber };
  };
  const Parts = [await part(1, PART), await part(2, 'the end')];
  expect((await aws('s3', 'ListParts', { ...large, UploadId })).Parts).toHaveLength(2);
  await aws('s3', 'CompleteMultipartUpload', { ...large, UploadId, MultipartUpload: { Parts } });
  expect(await aws('s3', 'HeadObject', large)).toMatchObject({ ContentLength: PART.length + 7 });
  expect(await aws('s3', 'GetObject', { ...large, Range: 'bytes=-3' })).toMatchObject({ Body: 'end' });
  const { UploadId: other } = await aws('s3', 'CreateMultipartUpload', large);
  await aws('s3', 'AbortMultipartUpload', { ...large, UploadId: other });
}

async function useQueue(aws: Aws): Promise<void> {
  const { QueueUrl } = await aws('sqs', 'GetQueueUrl', { QueueName: 'orders-jobs' });
  await aws('sqs', 'SendMessage', { QueueUrl, MessageBody: 'first' });
  const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: `job ${Id}` }));
  expect((await aws('sqs', 'SendMessageBatch', { QueueUrl, Entries })).Successful).toHaveLength(2);
  const { Messages } = await aws('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 });
  const [{ Body, ReceiptHandle } = {}] = Messages as { Body?: string; ReceiptHandle?: string }[];
  expect(Body).toBe('first');
  await aws('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 60 });
  const { Attributes } = await aws('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '2',
    ApproximateNumberOfMessagesNotVisible: '1',
  });
  await aws('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
  await aws('sqs', 'PurgeQueue', { QueueUrl });
  expect(await aws('sqs', 'ReceiveMessage', { QueueUrl })).toEqual({});
}

async function useLog(aws: Aws): Promise<void> {
  const logGroupName = '/shop/orders';
  const { logStreams } = await aws('logs', 'DescribeLogStreams', { logGroupName });
  expect(logStreams).toEqual([expect.objectContaining({ logStreamName: 'sample' })]);
  const stream = { logGroupName, logStreamName: 'test' };
  await aws('logs', 'CreateLogStream', stream);
  const logEvents = ['ERROR no such order', 'INFO paid'].map((message, place) => ({
    timestamp: place + 1,
    message,
  }));
  await aws('logs', 'PutLogEvents', { ...stream, logEvents });
  const read = await aws('logs', 'GetLogEvents', { ...stream, startFromHead: true });
  expect(read.events).toHaveLength(2);
  const found = await aws('logs', 'FilterLogEvents', { logGroupName, filterPattern: 'ERROR "no such"' });
  expect(found.events).toEqual([expect.objectContaining({ message: 'ERROR no such order' })]);
}

async function usePool(aws: Aws): Promise<void> {
  const UserPoolId = `${REGION}_ShopPool`;
  const user = { UserPoolId, Username: 'c-1042' };
  expect(await aws('cognito-idp', 'DescribeUserPool', { UserPoolId })).toMatchObject({
    UserPool: { Id: UserPoolId },
  });
  const { Users } = await aws('cognito-idp', 'ListUsers', { UserPoolId, Filter: 'email ^= "c-1042"' });
  expect(Users).toEqual([expect.objectContaining({ Username: 'c-1042' })]);
  await aws('cognito-idp', 'AdminDisableUser', user);
  expect(await aws('cognito-idp', 'AdminGetUser', user)).toMatchObject({ Enabled: false });
  await aws('cognito-idp', 'AdminEnableUser', user);
}

async function useRefund(aws: Aws): Promise<void> {
  const stateMachineArn = arn('states', 'stateMachine:orders-refund');
  expect(await aws('states', 'DescribeStateMachine', { stateMachineArn })).toMatchObject({
    name: 'orders-refund',
  });
  const { executionArn } = await aws('states', 'StartExecution', { stateMachineArn, input: '{"order":7}' });
  const { executions } = await aws('states', 'ListExecutions', { stateMachineArn });
  expect(executions).toEqual([expect.objectContaining({ executionArn })]);
}

/** Of each kind of the catalog, by its entries in docs/examples/catalog-every-kind.json. */
export const KINDS: Readonly<Record<string, KindCase>> = {
  'dynamodb-table': {
    request: 'data',
    grants: ['orders_table'],
    async use(aws) {
      const item = { id: { S: '7' }, day: { S: '2026-11-29' } };
      await aws('dynamodb', 'PutItem', { TableName: 'orders', Item: item });
      const read = await aws('dynamodb', 'GetItem', { TableName: 'orders', Key: { id: { S: '7' } } });
      expect(read.Item).toEqual(item);
      await aws('dynamodb', 'Query', {
        TableName: 'orders',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: '7' } },
      });
    },
    neighbours: [
      ['dynamodb', 'GetItem', { TableName: 'payroll', Key: { id: { S: '7' } } }],
      ['dynamodb', 'DeleteItem', { TableName: 'orders', Key: { id: { S: '8' } } }],
    ],
  },
  'dynamodb-index': {
    request: 'data',
    grants: ['orders_by_day'],
    async use(aws) {
      const index = { TableName: 'orders', IndexName: 'byDay' };
      await aws('dynamodb', 'Scan', index);
      await aws('dynamodb', 'Query', {
        ...index,
        KeyConditionExpression: '#day = :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': { S: '2026-11-29' } },
      });
    },
    neighbours: [
      ['dynamodb', 'Scan', { TableName: 'orders' }],
      ['dynamodb', 'Scan', { TableName: 'payroll', IndexName: 'byDay' }],
    ],
  },
  's3-prefix': {
    request: 'objects',
    grants: ['orders_exports'],
    use: useExports,
    neighbours: [
      ['s3', 'GetObject', { ...EXPORTS, Key: 'payroll/sample.txt' }],
      ['s3', 'PutObject', { ...EXPORTS, Key: 'payroll/sample.txt', Body: 'x' }],
      ['s3', 'ListObjectsV2', { ...EXPORTS, Prefix: 'payroll/' }],
      ['s3', 'ListObjectsV2', EXPORTS],
      ['s3', 'HeadObject', { Bucket: 'payroll-vault', Key: 'slips/sample.txt' }],
      [
        's3',
        'DeleteObjects',
        { ...EXPORTS, Delete: { Objects: [{ Key: 'orders/x' }, { Key: 'payroll/x' }] } },
      ],
      ['s3', 'CopyObject', { ...REPORT, CopySource: 'shop-exports/payroll/sample.txt' }],
      ['s3', 'CreateMultipartUpload', { ...EXPORTS, Key: 'payroll/large' }],
    ],
  },
  's3-prefix, of a whole bucket, and objects without their key': {
    request: 'archive',
    grants: ['shop_archive', 'orders_raw'],
    async use(aws) {
      const Bucket = 'shop-archive';
      await aws('s3', 'PutObject', { Bucket, Key: 'a/b/c.txt', Body: 'kept' });
      const { CommonPrefixes } = await aws('s3', 'ListObjectsV2', { Bucket, Delimiter: '/' });
      expect(CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
      expect(await aws('s3', 'GetObject', { Bucket, Key: 'a/b/c.txt' })).toMatchObject({ Body: 'kept' });
      await aws('s3', 'ListMultipartUploads', { Bucket });
      // Only who may list is told that an object is not there.
      await expect(aws('s3', 'GetObject', { Bucket, Key: 'none' })).rejects.toMatchObject({
        name: 'NoSuchKey',
      });
    },
    neighbours: [['s3', 'ListObjectsV2', { Bucket: 'payroll-vault' }]],
  },
  's3-prefix, of a subject': {
    request: 'subject',
    grants: ['customer_files'],
    subject: 'c-1042',
    async use(aws) {
      const own = { Bucket: 'shop-files', Key: 'customers/c-1042/letter.txt' };
      await aws('s3', 'PutObject', { ...own, Body: 'dear bank' });
      expect(await aws('s3', 'GetObject', own)).toMatchObject({ Body: 'dear bank' });
      const listed = await aws('s3', 'ListObjectsV2', { Bucket: 'shop-files', Prefix: 'customers/c-1042/' });
      expect(listed.KeyCount).toBe(2);
    },
    neighbours: [
      ['s3', 'GetObject', { Bucket: 'shop-files', Key: 'customers/c-2077/sample.txt' }],
      ['s3', 'ListObjectsV2', { Bucket: 'shop-files', Prefix: 'customers/' }],
    ],
  },
  's3-prefix, encrypted': {
    request: 'objects',
    grants: ['orders_vault'],
    async use(aws) {
      const invoice = { Bucket: 'shop-vault', Key: 'orders/7.pdf' };
      await aws('s3', 'PutObject', { ...invoice, Body: 'invoice' });
      expect(await aws('s3', 'GetObject', invoice)).toMatchObject({ Body: 'invoice' });
    },
    neighbours: [['s3', 'GetObject', { Bucket: 'shop-vault', Key: 'raw/sample.txt' }]],
  },
  'kms-key': {
    request: 'work',
    grants: ['orders_raw', 'orders_key'],
    async use(aws, admin) {
      const raw = { Bucket: 'shop-vault', Key: 'raw/7.json' };
      await aws('s3', 'PutObject', { ...raw, Body: '{}' });
      expect(await aws('s3', 'GetObject', raw)).toMatchObject({ Body: '{}' });
      // The same key, and not through the service.
      const sealed = await admin('kms', 'Encrypt', { KeyId: SHOP_KEY, Plaintext: new Uint8Array([1]) });
      const opened = aws('kms', 'Decrypt', { CiphertextBlob: sealed.CiphertextBlob });
      await expect(opened).rejects.toMatchObject({ name: 'AccessDeniedException' });
      expect(await admin('kms', 'Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).toMatchObject({
        Plaintext: new Uint8Array([1]),
      });
    },
    neighbours: [
      ['kms', 'GenerateDataKey', { KeyId: SHOP_KEY, KeySpec: 'AES_256' }],
      ['s3', 'GetObject', { Bucket: 'payroll-vault', Key: 'slips/sample.txt' }],
    ],
  },
  'sqs-queue': {
    request: 'data',
    grants: ['orders_jobs'],
    use: useQueue,
    neighbours: [
      ['sqs', 'SendMessage', { QueueUrl: queueUrl('payroll-jobs'), MessageBody: 'x' }],
      ['sqs', 'ListQueues', {}],
    ],
  },
  secret: {
    request: 'data',
    grants: ['orders_secret'],
    async use(aws) {
      const SecretId = 'shop/orders';
      const sample = await aws('secretsmanager', 'GetSecretValue', { SecretId });
      expect(sample.SecretString).toContain('sample');
      await aws('secretsmanager', 'PutSecretValue', { SecretId, SecretString: 'turned' });
      expect(await aws('secretsmanager', 'GetSecretValue', { SecretId })).toMatchObject({
        SecretString: 'turned',
      });
      expect(await aws('secretsmanager', 'DescribeSecret', { SecretId })).toMatchObject({ Name: SecretId });
    },
    neighbours: [
      ['secretsmanager', 'GetSecretValue', { SecretId: 'shop/orders-payroll' }],
      ['secretsmanager', 'ListSecrets', {}],
    ],
  },
  'lambda-function': {
    request: 'work',
    grants: ['orders_report'],
    async use(aws) {
      const FunctionName = 'orders-report';
      const { Payload } = await aws('lambda', 'Invoke', { FunctionName, Payload: '{"day":1}' });
      expect(JSON.parse(String(Payload))).toEqual({ function: FunctionName, event: { day: 1 } });
      expect(await aws('lambda', 'GetFunctionConfiguration', { FunctionName })).toMatchObject({
        FunctionName,
      });
      expect(await aws('lambda', 'GetFunction', { FunctionName })).toMatchObject({
        Configuration: { FunctionName },
      });
    },
    neighbours: [['lambda', 'Invoke', { FunctionName: 'payroll-report' }]],
  },
  'log-group': {
    request: 'work',
    grants: ['orders_log'],
    use: useLog,
    neighbours: [
      ['logs', 'FilterLogEvents', { logGroupName: '/shop/orders-payroll' }],
      ['logs', 'DescribeLogGroups', {}],
    ],
  },
  'cognito-user-pool': {
    request: 'others',
    grants: ['customer_pool'],
    use: usePool,
    neighbours: [['cognito-idp', 'ListUsers', { UserPoolId: `${REGION}_StaffPool` }]],
  },
  'exact-arns': {
    request: 'others',
    grants: ['orders_topic', 'orders_refund'],
    async use(aws) {
      await useRefund(aws);
      const TopicArn = arn('sns', 'orders');
      expect(await aws('sns', 'Publish', { TopicArn, Message: 'shipped' })).toMatchObject({
        MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
      });
      const { Attributes } = await aws('sns', 'GetTopicAttributes', { TopicArn });
      expect(Attributes).toMatchObject({ TopicArn });
    },
    neighbours: [
      ['sns', 'Publish', { TopicArn: arn('sns', 'payroll'), Message: 'x' }],
      ['states', 'StartExecution', { stateMachineArn: arn('states', 'stateMachine:payroll-run') }],
    ],
  },
  'service-wide': {
    request: 'lists',
    grants: ['what_there_is'],
    async use(aws) {
      expect((await aws('sqs', 'ListQueues')).QueueUrls).toContainEqual(
        expect.stringMatching(/\/orders-jobs$/),
      );
      expect((await aws('sns', 'ListTopics')).Topics).toContainEqual({ TopicArn: arn('sns', 'orders') });
      expect((await aws('dynamodb', 'ListTables')).TableNames).toContain('orders');
      expect((await aws('s3', 'ListBuckets')).Buckets).toContainEqual(
        expect.objectContaining({ Name: 'shop-exports' }),
      );
      expect((await aws('secretsmanager', 'ListSecrets')).SecretList).toContainEqual(
        expect.objectContaining({ Name: 'shop/orders' }),
      );
      expect((await aws('kms', 'ListKeys')).Keys).toContainEqual(
        expect.objectContaining({ KeyId: SHOP_KEY }),
      );
      const pools = await aws('cognito-idp', 'ListUserPools', { MaxResults: 10 });
      expect(pools.UserPools).toContainEqual(expect.objectContaining({ Id: `${REGION}_ShopPool` }));
      expect((await aws('states', 'ListStateMachines')).stateMachines).toContainEqual(
        expect.objectContaining({ name: 'orders-refund' }),
      );
    },
    neighbours: [
      ['sqs', 'SendMessage', { QueueUrl: queueUrl('orders-jobs'), MessageBody: 'x' }],
      ['s3', 'ListObjectsV2', EXPORTS],
      ['secretsmanager', 'GetSecretValue', { SecretId: 'shop/orders' }],
    ],
  },
};
