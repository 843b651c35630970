/** Reads one row with the SDK for JavaScript and nothing but the environment, and prints it. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const Key = { user_id: { S: 'c-1042' } };
const { Item } = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: 'bank_balances', Key }));
console.log(JSON.stringify(Item));
