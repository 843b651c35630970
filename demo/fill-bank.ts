import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryWrite } from '../lambdas/shared/adapters/runtime/call-aws.ts';
import type { Row } from './bank-rows.ts';

/** Adds the bank's rows, by table. A row of whose key there is one already stays as it is. */
export async function fillBank(
  client: DynamoDBDocumentClient,
  rowsOfTables: Readonly<Record<string, readonly Row[]>>,
): Promise<void> {
  await Promise.all(
    Object.entries(rowsOfTables).flatMap(([table, rows]) => rows.map((row) => addRow(client, table, row))),
  );
}

/** Adds a row unless there is one of its key. Rows are written with their key first. */
async function addRow(client: DynamoDBDocumentClient, table: string, row: Record<string, unknown>) {
  const [key = ''] = Object.keys(row);
  await tryWrite(table, () =>
    client.send(
      new PutCommand({
        TableName: table,
        Item: row,
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': key },
      }),
    ),
  );
}
