// Prints the balance of a customer, by whatever credentials its environment has, and the token file that it was left.
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const Key = { user_id: { S: process.argv[2] } };
const { Item } = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: 'bank_balances', Key }));
const tokenFile = process.env.POSTERN_WEB_IDENTITY_TOKEN_FILE;
process.stdout.write(`${JSON.stringify({ balance: Item?.balance?.N, tokenFile })}\n`);
