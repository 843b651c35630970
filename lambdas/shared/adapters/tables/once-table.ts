import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { callAws, isConditionFailed, tryWrite } from '../runtime/call-aws.ts';

const itemSchema = z.object({ key: z.string().min(1), ttl: z.int(), counted: z.int().positive().optional() });

/**
 * Remembers what may happen once, or only a few times, within some seconds: a signature, a code, a wrong code. DynamoDB
 * deletes expired items late, so each write checks the time itself.
 */
export function makeOnceTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName } = deps;
  const now = () => Math.floor(deps.clock().getTime() / 1000);
  const names = { '#key': 'key', '#ttl': 'ttl' };

  async function put(key: string, seconds: number, rest: { counted?: number } = {}): Promise<boolean> {
    const Item = itemSchema.parse({ key, ttl: now() + seconds, ...rest });
    return tryWrite('once table', () =>
      client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(#key) OR #ttl <= :now',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ':now': now() },
        }),
      ),
    );
  }

  return {
    /** Returns true unless this key was used in the last `seconds` seconds. */
    first: (key: string, seconds: number): Promise<boolean> => put(key, seconds),

    /** Returns true for one caller alone, where this key is in use: from then on it is not. */
    async take(key: string): Promise<boolean> {
      return tryWrite('once table', () =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: { key },
            ConditionExpression: 'attribute_exists(#key) AND #ttl > :now',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':now': now() },
          }),
        ),
      );
    },

    /** Whether this key is in use. */
    async has(key: string): Promise<boolean> {
      const { Item } = await callAws('once table', () =>
        client.send(new GetCommand({ TableName, Key: { key }, ConsistentRead: true })),
      );
      return Item !== undefined && itemSchema.parse(Item).ttl > now();
    },

    /**
     * Adds one to a count and returns it, from 1. The count starts again `seconds` after its first. Callers count before
     * they try, so that many tries at once are no more than the same tries in turn.
     */
    async count(key: string, seconds: number): Promise<number> {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        if (await put(key, seconds, { counted: 1 })) return 1;
        try {
          const { Attributes } = await callAws('once table', () =>
            client.send(
              new UpdateCommand({
                TableName,
                Key: { key },
                UpdateExpression: 'ADD counted :one',
                ConditionExpression: '#ttl > :now',
                ExpressionAttributeNames: { '#ttl': 'ttl' },
                ExpressionAttributeValues: { ':one': 1, ':now': now() },
                ReturnValues: 'ALL_NEW',
              }),
            ),
          );
          return itemSchema.required({ counted: true }).parse(Attributes).counted;
        } catch (error) {
          // It expired between the two writes: begin anew.
          if (!isConditionFailed(error)) throw error;
        }
      }
      throw new DependencyUnavailable('once table: the count keeps expiring');
    },

    /** Lets a count last `seconds` from now. */
    async prolong(key: string, seconds: number): Promise<void> {
      const ttl = itemSchema.shape.ttl.parse(now() + seconds);
      await callAws('once table', () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: { key },
            UpdateExpression: 'SET #ttl = :ttl',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: { ':ttl': ttl },
          }),
        ),
      );
    },

    async forget(key: string): Promise<void> {
      await callAws('once table', () => client.send(new DeleteCommand({ TableName, Key: { key } })));
    },
  };
}
export type OnceTable = ReturnType<typeof makeOnceTable>;
