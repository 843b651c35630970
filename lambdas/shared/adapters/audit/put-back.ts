import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryWrite } from '../runtime/call-aws.ts';

/** Writes an item of the audit table to its place again, where that is free; answers false where it is taken. */
export const makePutBack =
  ({ client, tableName: TableName }: { client: DynamoDBDocumentClient; tableName: string }) =>
  (item: object): Promise<boolean> =>
    tryWrite('audit table', () =>
      client.send(
        new PutCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(seq)' }),
      ),
    );
