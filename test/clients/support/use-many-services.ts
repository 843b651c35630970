/** Calls fourteen services with the SDK for JavaScript and nothing but the environment; prints every answer as JSON. */
import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const answers: Record<string, unknown> = {};
/** What two runs do not have in common is left out. */
const clean = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, part) =>
      /^(?:\$metadata|.*(?:Date|Time|date|time|timestamp)|RequestId|ResponseMetadata)$/.test(key)
        ? undefined
        : part,
    )?.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'an id') ?? 'null',
  );
async function call(name: string, run: () => Promise<unknown>): Promise<void> {
  answers[name] = await run().then(clean, (error: Error & { $metadata?: { httpStatusCode?: number } }) => [
    'error',
    error.name,
    error.$metadata?.httpStatusCode,
  ]);
}

const [s3, dynamodb] = [new S3Client({}), new DynamoDBClient({})];
// Without this it sends to the host of a queue's URL, whatever the endpoint is.
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const where = { Bucket: 'bucket-two', Key: 'a//b c+d/é.txt' };
const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
await call('s3 create', () =>
  s3.send(new CreateBucketCommand({ Bucket: where.Bucket, CreateBucketConfiguration })),
);
await call('s3 put', () => s3.send(new PutObjectCommand({ ...where, Body: 'text' })));
await call('s3 large', () =>
  s3.send(new PutObjectCommand({ ...where, Key: 'large', Body: Buffer.alloc(3_000_000, 7) })),
);
await call('s3 get', async () => (await s3.send(new GetObjectCommand(where))).Body?.transformToString());
await call('s3 head', async () => (await s3.send(new HeadObjectCommand(where))).ContentLength);
await call('s3 absent', () => s3.send(new GetObjectCommand({ ...where, Key: 'absent' })));
await call('s3 list', async () =>
  (await s3.send(new ListObjectsV2Command({ Bucket: where.Bucket }))).Contents?.map(({ Key }) => Key),
);
const TableName = 'table-two';
await call('dynamodb create', () =>
  dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  ),
);
const Item = { id: { S: 'one' }, number: { N: '1.50' }, bytes: { B: new Uint8Array([0, 255]) } };
await call('dynamodb put', () => dynamodb.send(new PutItemCommand({ TableName, Item })));
await call('dynamodb get', () => dynamodb.send(new GetItemCommand({ TableName, Key: { id: Item.id } })));
await call('dynamodb transact', () =>
  dynamodb.send(
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: { id: { S: 'two' } } } }] }),
  ),
);
await call('sqs create', async () =>
  (await sqs.send(new CreateQueueCommand({ QueueName: 'two' }))).QueueUrl?.endsWith('/two'),
);
const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/two';
await call(
  'sqs send',
  async () => (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '<a> & ü' }))).MD5OfMessageBody,
);
await call('sqs receive', async () =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.map(({ Body }) => Body),
);
const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:two';
const sns = new SNSClient({});
await call('sns create', () => sns.send(new CreateTopicCommand({ Name: 'two' })));
await call('sns publish', () => sns.send(new PublishCommand({ TopicArn, Message: 'text & more' })));
const kms = new KMSClient({});
let KeyId = '';
await call('kms create', async () => {
  KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? '';
  return KeyId !== '';
});
await call('kms encrypt', async () =>
  Boolean((await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }))).CiphertextBlob),
);
const secrets = new SecretsManagerClient({});
await call(
  'secrets create',
  async () => (await secrets.send(new CreateSecretCommand({ Name: 'two', SecretString: 'value' }))).Name,
);
await call(
  'secrets get',
  async () => (await secrets.send(new GetSecretValueCommand({ SecretId: 'two' }))).SecretString,
);
const ssm = new SSMClient({});
await call('ssm put', () =>
  ssm.send(new PutParameterCommand({ Name: '/two', Value: 'three', Type: 'String' })),
);
await call(
  'ssm get',
  async () => (await ssm.send(new GetParameterCommand({ Name: '/two' }))).Parameter?.Value,
);
const logs = new CloudWatchLogsClient({});
await call('logs create', () => logs.send(new CreateLogGroupCommand({ logGroupName: '/two' })));
await call('logs list', async () =>
  (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ logGroupName }) => logGroupName),
);
const pools = new CognitoIdentityProviderClient({});
await call(
  'cognito create',
  async () => (await pools.send(new CreateUserPoolCommand({ PoolName: 'two' }))).UserPool?.Name,
);
await call('cognito list', async () =>
  (await pools.send(new ListUserPoolsCommand({ MaxResults: 5 }))).UserPools?.map(({ Name }) => Name),
);
const iam = new IAMClient({});
const AssumeRolePolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
await call(
  'iam create',
  async () =>
    (await iam.send(new CreateRoleCommand({ RoleName: 'two', AssumeRolePolicyDocument }))).Role?.Arn,
);
await call('iam list', async () =>
  (await iam.send(new ListRolesCommand({}))).Roles?.map(({ RoleName }) => RoleName),
);
await call('cloudtrail', () => new CloudTrailClient({}).send(new DescribeTrailsCommand({})));
await call('lambda', () => new LambdaClient({}).send(new ListFunctionsCommand({})));
await call('organizations', () => new OrganizationsClient({}).send(new ListRootsCommand({})));
await call('states', () => new SFNClient({}).send(new ListStateMachinesCommand({})));
console.log(JSON.stringify(answers));
