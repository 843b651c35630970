/**
 * Writes a ticket through the gateway with the SDK for JavaScript and nothing but the environment, again and again until it
 * works; prints what each try came to.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const Item = { user_id: { S: 'c-1042' }, ticket_id: { S: '3' }, subject: { S: 'A card' } };
const client = new DynamoDBClient({});
const tryOnce = () =>
  client.send(new PutItemCommand({ TableName: 'support_requests', Item })).then(
    () => 'works',
    (error: unknown) => (error instanceof Error ? `${error.name} ${error.message}` : String(error)),
  );
for (let said = ''; said !== 'works'; await sleep(1000)) {
  said = await tryOnce();
  console.log(said);
}
