import { randomInt } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { serveDynamodb } from './serve-dynamodb.ts';

const KEYS = {
  requests: ['requestId'],
  approvals: ['requestId', 'item'],
  audit: ['chain', 'seq'],
  principals: ['id'],
  policies: ['principalId'],
  lookups: ['arn'],
  denials: ['roleArn'],
  callbacks: ['key'],
  usage: ['principalId'],
  messages: ['key'],
  once: ['key'],
  reviews: ['key'],
  versions: ['subject', 'version'],
  directory: ['kind', 'id'],
  facts: ['kind', 'id'],
  accessReviews: ['review', 'item'],
} as const;

const INDEXES: Readonly<Record<string, Record<string, readonly [string, string]>>> = {
  requests: { byOpen: ['open', 'createdAt'], byLive: ['live', 'liveUntil'] },
};

const keySchemaOf = (keys: readonly string[]) =>
  keys.map((name, index) => ({
    AttributeName: name,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));

type TableName = keyof typeof KEYS;

/** Emulators keep the tables of each access key apart, and read twelve digits as an account: one for each test. */
const newAccount = () => String(randomInt(1e11, 1e12 / 4));

/**
 * The broker's tables, or those named, by their keys: in an in-process DynamoDB of their own, or in the one at
 * POSTERN_DYNAMODB, in an account of their own.
 */
export async function startTables(names = Object.keys(KEYS) as readonly TableName[]) {
  const elsewhere = process.env.POSTERN_DYNAMODB;
  const server = elsewhere ? { endpoint: elsewhere, close: async () => {} } : await serveDynamodb();
  const raw = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: newAccount(), secretAccessKey: 'test' },
  });
  for (const TableName of names) {
    const keys = KEYS[TableName];
    const indexes = Object.entries(INDEXES[TableName] ?? {});
    await raw.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...keys, ...indexes.flatMap(([, indexed]) => indexed)].map((name) => ({
          AttributeName: name,
          AttributeType: name === 'seq' || name === 'version' ? 'N' : 'S',
        })),
        KeySchema: keySchemaOf(keys),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(([IndexName, indexed]) => ({
            IndexName,
            KeySchema: keySchemaOf(indexed),
            Projection: { ProjectionType: 'ALL' as const },
          })),
        }),
      }),
    );
  }
  return {
    client: DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } }),
    async close() {
      raw.destroy();
      await server.close();
    },
  };
}
