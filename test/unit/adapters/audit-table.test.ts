import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit-table.ts';
import { FIRST_PREVIOUS_HASH, hashOfRecord } from '../../../lambdas/shared/domain/audit-record.ts';
import { clock, REQUEST_ID } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const log = () => makeAuditTable({ client: tables.client, tableName: 'audit', mac: testMacs.make, clock });
const entry = (chain: string, occurrence: string) =>
  ({ chain, requestId: REQUEST_ID, event: 'voted', occurrence, facts: { occurrence } }) as const;

async function chainOf(chain: string) {
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: 'audit',
      KeyConditionExpression: '#c = :c',
      ExpressionAttributeNames: { '#c': 'chain' },
      ExpressionAttributeValues: { ':c': chain },
    }),
  );
  return Items as Awaited<ReturnType<ReturnType<typeof log>['append']>>[];
}

test('two writers at once both land, in one unbroken chain', async () => {
  const writers = [log(), log()];
  await Promise.all(
    writers.map(async (writer, w) => {
      for (let n = 0; n < 20; n++) await writer.append(entry('race', `${w}-${n}`));
    }),
  );
  const records = await chainOf('race');
  expect(records.map((record) => record.seq)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  expect(new Set(records.map((record) => record.eventId)).size).toBe(40);
  let previous = FIRST_PREVIOUS_HASH;
  for (const record of records) {
    expect(record.previousHash).toBe(previous);
    expect(record.hash).toBe(hashOfRecord(record));
    previous = record.hash;
  }
});

test('the same event twice is one record', async () => {
  const first = await log().append(entry('again', '1'));
  expect(await log().append(entry('again', '1'))).toEqual(first);
  expect(await chainOf('again')).toHaveLength(1);
});

test('what is stored is what was hashed, without what DynamoDB cannot keep', async () => {
  const facts = { kept: 1, dropped: undefined, nested: { also: undefined, text: '‮<!channel>' } };
  await log().append({ ...entry('facts', '1'), facts });
  const [record] = await chainOf('facts');
  expect(record?.facts).toEqual({
    correlation: { sourceIdentity: 'facts' },
    kept: 1,
    nested: { text: '‮<!channel>' },
  });
  expect(record && hashOfRecord(record)).toBe(record?.hash);
});
