import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';

type Row = Readonly<Record<string, unknown>>;

/** By what a table's rows are told apart. */
export type Keys = readonly string[];

/** What makes a table's rows those of another one. */
export type RowChanges = { readonly put: readonly Row[]; readonly remove: readonly Row[] };

async function rowsOf(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: Keys,
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    for (const row of Items) rows.set(JSON.stringify(keys.map((key) => row[key])), row);
  return rows;
}

/** What is to be written to `into` so that it holds the rows of `from`, and nothing else. */
export async function compareRows(
  client: DynamoDBDocumentClient,
  { from, into, keys }: { from: string; into: string; keys: Keys },
): Promise<RowChanges> {
  const wanted = await rowsOf(client, from, keys);
  const present = await rowsOf(client, into, keys);
  return {
    put: [...wanted].flatMap(([key, row]) => {
      const now = present.get(key);
      return now && digestOf(now) === digestOf(row) ? [] : [row];
    }),
    remove: [...present].flatMap(([key, row]) => (wanted.has(key) ? [] : [row])),
  };
}

/** Writes the changes. The table stays what it is: its stream, its protection and its backups go on. */
export async function writeRows(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: Keys,
  { put, remove }: RowChanges,
): Promise<void> {
  for (const Item of put) await client.send(new PutCommand({ TableName, Item }));
  for (const row of remove) {
    const Key = Object.fromEntries(keys.map((key) => [key, row[key]]));
    await client.send(new DeleteCommand({ TableName, Key }));
  }
}

/** The key of a row, for people. */
export const nameOfRow = (row: Row, keys: Keys): string => keys.map((key) => String(row[key])).join(' ');
