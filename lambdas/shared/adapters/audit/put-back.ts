import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { auditRecordSchema } from '../../domain/audit/audit-record.ts';
import { tryWrite } from '../runtime/call-aws.ts';

/** Writes an item of the audit table to its place again, where that is free; answers false where it is taken. */
export const makePutBack =
  ({ client, tableName: TableName }: { client: DynamoDBDocumentClient; tableName: string }) =>
  async (item: object): Promise<boolean> => {
    // As it was archived, to the attribute; but nothing that no reader would take for a record.
    auditRecordSchema.parse(item);
    return tryWrite('audit table', () =>
      client.send(
        new PutCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(seq)' }),
      ),
    );
  };
