import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws } from '../runtime/call-aws.ts';

/** Seconds for which it is remembered: longer than any request waits for people. */
const KEEP_SECONDS = 90 * 24 * 60 * 60;

const eventIdSchema = z.string().regex(/^evt_[0-9a-f]{40}$/);

/** Which events were handed on, in the messages table: noted afterwards, so that one may be told twice, but not never. */
export function makePublishedEvents(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock } = deps;
  const keyOf = (eventId: string) => `published#${eventIdSchema.parse(eventId)}`;
  return {
    async has(eventId: string): Promise<boolean> {
      const { Item } = await callAws('messages table', () =>
        client.send(new GetCommand({ TableName, Key: { key: keyOf(eventId) }, ConsistentRead: true })),
      );
      return Item !== undefined;
    },

    async note(eventId: string): Promise<void> {
      const Item = { key: keyOf(eventId), ttl: Math.floor(clock().getTime() / 1000) + KEEP_SECONDS };
      await callAws('messages table', () => client.send(new PutCommand({ TableName, Item })));
    },
  };
}
