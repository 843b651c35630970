import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

const entrySchema = z.object({ requestId: z.string(), bodyDigest: z.string() });
type Entry = z.infer<typeof entrySchema>;

/** Seconds for which a key is remembered. */
const KEEP_SECONDS = 24 * 60 * 60;

/** Which request an idempotency key stands for. DynamoDB removes entries late, so the TTL is checked here too. */
export function makeIdempotencyTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName } = deps;
  return {
    /** Keeps the first entry for a key, for a day, and answers whichever is kept. */
    async remember(key: string, entry: Entry): Promise<Entry> {
      const parsed = entrySchema.parse(entry);
      const now = Math.floor(deps.clock().getTime() / 1000);
      const isFirst = await tryWrite('idempotency table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { key, ...parsed, ttl: now + KEEP_SECONDS },
            ConditionExpression: 'attribute_not_exists(#key) OR #ttl < :now',
            ExpressionAttributeNames: { '#key': 'key', '#ttl': 'ttl' },
            ExpressionAttributeValues: { ':now': now },
          }),
        ),
      );
      if (isFirst) return parsed;
      const { Item } = await callAws('idempotency table', () =>
        client.send(new GetCommand({ TableName, Key: { key }, ConsistentRead: true })),
      );
      // It expired and was removed between the two calls.
      if (!Item) throw new DependencyUnavailable('idempotency table: the key just expired');
      return entrySchema.parse(Item);
    },
  };
}
