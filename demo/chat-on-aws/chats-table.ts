import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Turn } from '../../console/chat/chat-agent.ts';
import { callAws, tryWrite } from '../../lambdas/shared/adapters/runtime/call-aws.ts';
import {
  BUSY_SECONDS,
  type ConversationRow,
  conversationRowSchema,
  MOST_A_MINUTE,
  MOST_SAID,
  STAYS_SECONDS,
  whyNotTaken,
} from './conversation-row.ts';
import type { RefusalCode } from './refusals.ts';

type Deps = {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: () => string;
  readonly clock: () => Date;
};
/** A message, and whose it is. */
export type Taken = { readonly connectionId: string; readonly run: string; readonly owner: string };

const keyOf = (connectionId: string) => ({ key: `chat#${connectionId}` });

/** Conversations between two messages, and how often each customer speaks. */
export function makeChatsTable({ client, tableName, clock }: Deps) {
  const nowSeconds = () => Math.floor(clock().getTime() / 1000);
  const write = (command: UpdateCommand) => tryWrite('DynamoDB', () => client.send(command));

  async function find(connectionId: string): Promise<ConversationRow | undefined> {
    const { Item } = await callAws('DynamoDB', () =>
      client.send(new GetCommand({ TableName: tableName(), Key: keyOf(connectionId), ConsistentRead: true })),
    );
    return Item && conversationRowSchema.parse(Item);
  }

  return {
    /** Counts a message of a customer; false where that is one too many of this minute. */
    async count(owner: string): Promise<boolean> {
      const now = nowSeconds();
      return write(
        new UpdateCommand({
          TableName: tableName(),
          Key: { key: `rate#${owner}#${Math.floor(now / 60)}` },
          UpdateExpression: 'SET #ttl = :ttl ADD said :one',
          ConditionExpression: 'attribute_not_exists(said) OR said < :most',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':one': 1, ':most': MOST_A_MINUTE, ':ttl': now + 600 },
        }),
      );
    },

    /**
     * Takes a message into the conversation of a connection, which begins with it where it may: the first says whose it
     * is. One at a time; anything else is refused, with why.
     */
    async take(
      { connectionId, run, owner }: Taken,
      { isNew }: { readonly isNew: boolean },
    ): Promise<RefusalCode | undefined> {
      const now = nowSeconds();
      const goesOn =
        '(#owner = :owner AND said < :most AND (attribute_not_exists(busyUntil) OR busyUntil < :now))';
      const isTaken = await write(
        new UpdateCommand({
          TableName: tableName(),
          Key: keyOf(connectionId),
          UpdateExpression:
            'SET #owner = :owner, run = :run, busyUntil = :until, #ttl = :ttl ADD said :one REMOVE begun',
          ConditionExpression: isNew ? `attribute_not_exists(#key) OR ${goesOn}` : goesOn,
          ExpressionAttributeNames: {
            ...{ '#owner': 'owner', '#ttl': 'ttl' },
            ...(isNew && { '#key': 'key' }),
          },
          ExpressionAttributeValues: {
            ...{ ':owner': owner, ':run': run, ':one': 1, ':most': MOST_SAID, ':now': now },
            ...{ ':until': now + BUSY_SECONDS, ':ttl': now + STAYS_SECONDS },
          },
        }),
      );
      if (isTaken) return undefined;
      return whyNotTaken(await find(connectionId), { owner, nowSeconds: now });
    },

    /** Begins to answer a message, once: the conversation so far, or undefined where it is over or already answered. */
    async begin({ connectionId, run, owner }: Taken): Promise<ConversationRow | undefined> {
      const isBegun = await write(
        new UpdateCommand({
          TableName: tableName(),
          Key: keyOf(connectionId),
          UpdateExpression: 'SET begun = :yes',
          ConditionExpression: 'run = :run AND #owner = :owner AND attribute_not_exists(begun)',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':run': run, ':owner': owner, ':yes': true },
        }),
      );
      return isBegun ? find(connectionId) : undefined;
    },

    /** What was said, once it is answered. A conversation that is over meanwhile is not brought back. */
    async finish(
      { connectionId, run }: Taken,
      { turns, entries }: { readonly turns: readonly Turn[]; readonly entries: number },
    ): Promise<void> {
      await write(
        new UpdateCommand({
          TableName: tableName(),
          Key: keyOf(connectionId),
          UpdateExpression: 'SET turns = :turns, #entries = :entries REMOVE run, busyUntil, begun',
          ConditionExpression: 'run = :run',
          ExpressionAttributeNames: { '#entries': 'entries' },
          ExpressionAttributeValues: { ':run': run, ':turns': turns, ':entries': entries },
        }),
      );
    },

    /** Nobody will answer it: another can be sent. */
    async giveUp({ connectionId, run }: Taken): Promise<void> {
      await write(
        new UpdateCommand({
          TableName: tableName(),
          Key: keyOf(connectionId),
          UpdateExpression: 'REMOVE run, busyUntil, begun',
          ConditionExpression: 'run = :run',
          ExpressionAttributeValues: { ':run': run },
        }),
      );
    },

    async forget(connectionId: string): Promise<void> {
      await callAws('DynamoDB', () =>
        client.send(new DeleteCommand({ TableName: tableName(), Key: keyOf(connectionId) })),
      );
    },
  };
}
export type ChatsTable = ReturnType<typeof makeChatsTable>;
