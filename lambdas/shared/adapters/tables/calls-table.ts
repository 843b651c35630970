import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type CallRecord, callRecordSchema } from '../../domain/audit/call-record.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

/** The records of what gateways forwarded and refused: append only, each in a place of its own. */
export function makeCallsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** False where another record has the place already. */
    async append(record: CallRecord): Promise<boolean> {
      const Item = callRecordSchema.parse(record);
      return tryWrite('calls table', () =>
        client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(seq)' })),
      );
    },

    /** Records of a session after a place, oldest first, as many as one answer holds. */
    async list(session: string, after: number, limit: number): Promise<CallRecord[]> {
      const { Items = [] } = await callAws('calls table', () =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: '#session = :session AND seq > :after',
            ExpressionAttributeNames: { '#session': 'session' },
            ExpressionAttributeValues: { ':session': session, ':after': after },
            ConsistentRead: true,
            Limit: limit,
          }),
        ),
      );
      return Items.map((item) => callRecordSchema.parse(item));
    },
  };
}
export type CallsTable = ReturnType<typeof makeCallsTable>;
