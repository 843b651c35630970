import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { noUsage, type Usage, usageSchema } from '../../domain/limits/usage.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

/** Seconds for which a row is kept after its last write; longer than any suspension or session. */
const KEEP_SECONDS = 30 * 24 * 60 * 60;

/** What each principal has in use. Reads are strongly consistent; every write is over a known version. */
export function makeUsageTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock } = deps;
  return {
    async get(principalId: string): Promise<Usage> {
      const { Item } = await callAws('usage table', () =>
        client.send(new GetCommand({ TableName, Key: { principalId }, ConsistentRead: true })),
      );
      return Item ? usageSchema.parse(Item) : noUsage(principalId);
    },

    /** Writes the usage as the version after its own. False where somebody else wrote that one first. */
    async write(usage: Usage): Promise<boolean> {
      const next = usageSchema.parse({ ...usage, version: usage.version + 1 });
      const Item = { ...next, ttl: Math.floor(clock().getTime() / 1000) + KEEP_SECONDS };
      return tryWrite('usage table', () =>
        client.send(new PutCommand({ TableName, Item, ...overVersion('principalId', usage.version) })),
      );
    },
  };
}
export type UsageTable = ReturnType<typeof makeUsageTable>;
