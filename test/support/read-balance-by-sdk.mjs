// Prints the balance of a customer, by the TypeScript client and its environment alone.
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { posternCredentials } from '../../clients/sdk/postern.ts';

const [reason, customer] = process.argv.slice(2);
const client = new DynamoDBClient({ credentials: posternCredentials({ reason }) });
const { Item } = await client.send(
  new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: customer } } }),
);
process.stdout.write(`${JSON.stringify({ balance: Item?.balance?.N })}\n`);
