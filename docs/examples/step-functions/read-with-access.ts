import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
// Within the broker's repository; elsewhere this is: import { claimAccessTo } from 'postern';
import { claimAccessTo } from '../../../clients/sdk/postern.ts';

type Input = { readonly access: { readonly requestId: string } };

/**
 * Claims the session, uses it, and returns what was read. The session is opened in this process and ends with it:
 * what a state returns is kept in the execution's history.
 */
export async function handler({ access: { requestId } }: Input) {
  const database = new DynamoDBClient({ credentials: await claimAccessTo(requestId) });
  const { Items = [] } = await database.send(
    new QueryCommand({
      TableName: 'bank_operational_metrics',
      KeyConditionExpression: 'metric = :metric',
      ExpressionAttributeValues: { ':metric': { S: 'payments_failed' } },
    }),
  );
  return { days: Items.length, failed: Items.reduce((sum, { value }) => sum + Number(value?.N), 0) };
}
