import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['audit', 'once']);
});
afterAll(() => tables.close());

const TableName = 'audit';
const put = (chain: string, seq: number, more: object = {}) => ({
  Put: { TableName, Item: { chain, seq, ...more }, ConditionExpression: 'attribute_not_exists(seq)' },
});
const write = (...TransactItems: object[]) =>
  tables.client.send(new TransactWriteCommand({ TransactItems: TransactItems as never }));
const itemAt = async (chain: string, seq: number) =>
  (await tables.client.send(new GetCommand({ TableName, Key: { chain, seq } }))).Item;

test('all of a transaction is written', async () => {
  await write(put('whole', 1), put('whole', 2), put('whole', 3));
  expect([await itemAt('whole', 1), await itemAt('whole', 3)]).toEqual([
    { chain: 'whole', seq: 1 },
    { chain: 'whole', seq: 3 },
  ]);
});

test('nothing is, where one condition does not hold, and the answer says which', async () => {
  await tables.client.send(new PutCommand({ TableName, Item: { chain: 'taken', seq: 2, by: 'another' } }));
  const refused = write(put('taken', 1), put('taken', 2), put('taken', 3));
  await expect(refused).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
  });
  expect([await itemAt('taken', 1), await itemAt('taken', 2), await itemAt('taken', 3)]).toEqual([
    undefined,
    { chain: 'taken', seq: 2, by: 'another' },
    undefined,
  ]);
});

test('what an update or a deletion changed before is put back', async () => {
  await write(put('back', 1, { note: 'first' }), put('back', 2, { note: 'second' }));
  const refused = write(
    {
      Update: {
        TableName,
        Key: { chain: 'back', seq: 1 },
        UpdateExpression: 'SET note = :new',
        ExpressionAttributeValues: { ':new': 'changed' },
      },
    },
    { Delete: { TableName, Key: { chain: 'back', seq: 2 } } },
    put('back', 2),
  );
  await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
  const cancelled = write(
    {
      Update: {
        TableName,
        Key: { chain: 'back', seq: 1 },
        UpdateExpression: 'SET note = :new',
        ExpressionAttributeValues: { ':new': 'changed' },
      },
    },
    { Delete: { TableName, Key: { chain: 'back', seq: 2 } } },
    {
      ConditionCheck: {
        TableName,
        Key: { chain: 'back', seq: 3 },
        ConditionExpression: 'attribute_exists(note)',
      },
    },
  );
  await expect(cancelled).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  expect([await itemAt('back', 1), await itemAt('back', 2)]).toMatchObject([
    { note: 'first' },
    { note: 'second' },
  ]);
});

test('a check holds what is written to what stands beside it', async () => {
  await write(put('checked', 1, { hash: 'one' }));
  const after = (hash: string) =>
    write(
      {
        ConditionCheck: {
          TableName,
          Key: { chain: 'checked', seq: 1 },
          ConditionExpression: '#hash = :hash',
          ExpressionAttributeNames: { '#hash': 'hash' },
          ExpressionAttributeValues: { ':hash': hash },
        },
      },
      put('checked', 2),
    );
  await expect(after('another')).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await after('one');
  expect(await itemAt('checked', 2)).toEqual({ chain: 'checked', seq: 2 });
});

test('of transactions that race for one place, one wins, and no reader sees half of any', async () => {
  const racers = Array.from({ length: 20 }, (_, nth) =>
    write(put('raced', 1, { nth }), put('raced', 2, { nth })).then(
      () => nth,
      () => undefined,
    ),
  );
  const won = (await Promise.all(racers)).filter((nth) => nth !== undefined);
  expect(won).toHaveLength(1);
  expect([await itemAt('raced', 1), await itemAt('raced', 2)]).toMatchObject([
    { nth: won[0] },
    { nth: won[0] },
  ]);
});
