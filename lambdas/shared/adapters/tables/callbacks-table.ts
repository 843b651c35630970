import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type CallbackView, callbackViewSchema, type Settlement } from '../../domain/callback.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

const tokenItemSchema = z.object({ taskToken: z.string(), ttl: z.number() });
/** A caller's task token, and until when it is kept (epoch seconds: DynamoDB's TTL). */
export type CallbackToken = z.infer<typeof tokenItemSchema>;

/** INVARIANT: IAM tells tokens from what became of them by this prefix alone. */
const tokenKeyOf = (requestId: string) => ({ key: `token#${requestId}` });

/**
 * The callbacks table: per request the task token of the workflow that waits on it, and what became of it. The
 * front door writes tokens and cannot read them; deliver-callback reads them, and takes away those it used.
 */
export function makeCallbacksTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** Keeps the token of the newest wait: a task that is retried has a new one, and its old one is dead. */
    async putToken(requestId: string, token: CallbackToken): Promise<void> {
      const Item = { ...tokenKeyOf(requestId), ...tokenItemSchema.parse(token) };
      await callAws('callbacks table', () => client.send(new PutCommand({ TableName, Item })));
    },

    async getToken(requestId: string): Promise<CallbackToken | undefined> {
      const { Item } = await callAws('callbacks table', () =>
        client.send(new GetCommand({ TableName, Key: tokenKeyOf(requestId), ConsistentRead: true })),
      );
      return Item && tokenItemSchema.parse(Item);
    },

    /**
     * Notes what became of a token, then forgets it; a newer one stays. Of two deliveries at once the later one
     * finds the task gone: that it was told is what is kept.
     */
    async settle(
      requestId: string,
      token: CallbackToken,
      status: Settlement,
      settledAt: Date,
    ): Promise<void> {
      const settled = callbackViewSchema.parse({ status, at: settledAt.toISOString() });
      await tryWrite('callbacks table', () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { key: requestId, ...settled, ttl: token.ttl },
            ...(status !== 'delivered' && {
              ConditionExpression: 'attribute_not_exists(#status) OR #status <> :delivered',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':delivered': 'delivered' },
            }),
          }),
        ),
      );
      await tryWrite('callbacks table', () =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: tokenKeyOf(requestId),
            ConditionExpression: 'taskToken = :token',
            ExpressionAttributeValues: { ':token': token.taskToken },
          }),
        ),
      );
    },

    /** How the callback of a request that has one stands. */
    async viewOf(requestId: string): Promise<CallbackView> {
      const { Item } = await callAws('callbacks table', () =>
        client.send(new GetCommand({ TableName, Key: { key: requestId }, ConsistentRead: true })),
      );
      return Item ? callbackViewSchema.parse(Item) : { status: 'awaited' };
    },
  };
}
export type CallbacksTable = ReturnType<typeof makeCallbacksTable>;
