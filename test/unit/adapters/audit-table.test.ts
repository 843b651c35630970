import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
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

/** Checks that a chain has this many records, each an event of its own, linked without a gap. */
async function expectUnbroken(chain: string, count: number): Promise<void> {
  const records = await chainOf(chain);
  expect(records.map((record) => record.seq)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
  expect(new Set(records.map((record) => record.eventId)).size).toBe(count);
  let previous = FIRST_PREVIOUS_HASH;
  for (const record of records) {
    expect(record.previousHash).toBe(previous);
    expect(record.hash).toBe(hashOfRecord(record));
    previous = record.hash;
  }
}

test('two writers at once both land, in one unbroken chain', async () => {
  const writers = [log(), log()];
  await Promise.all(
    writers.map(async (writer, w) => {
      for (let n = 0; n < 20; n++) await writer.append(entry('race', `${w}-${n}`));
    }),
  );
  await expectUnbroken('race', 40);
});

test('hundreds at once, of several processes, all land, with few looks at the chain', async () => {
  let looks = 0;
  const counting: typeof tables.client = Object.create(tables.client, {
    send: {
      value: (command: object) => {
        if (command instanceof QueryCommand && command.input.Limit) looks += 1;
        return tables.client.send(command as QueryCommand);
      },
    },
  });
  const writers = [1, 2, 3].map(() =>
    makeAuditTable({ client: counting, tableName: 'audit', mac: testMacs.make, clock }),
  );
  const written = await Promise.all(
    writers.flatMap((writer, w) =>
      Array.from({ length: 100 }, (_, n) => writer.append(entry('crowd', `${w}-${n}`))),
    ),
  );
  await expectUnbroken('crowd', 300);
  // Each was answered its own record.
  expect(written.map(({ facts }) => facts.occurrence)).toEqual(
    [0, 1, 2].flatMap((w) => Array.from({ length: 100 }, (_, n) => `${w}-${n}`)),
  );
  expect(looks).toBeLessThan(300);
});

test('an event that two runs of a handler append at once is one record, answered to both', async () => {
  const writer = log();
  const [, one, other] = await Promise.all(
    ['first', 'same', 'same'].map((occurrence) => writer.append(entry('both', occurrence))),
  );
  expect(one).toEqual(other);
  await expectUnbroken('both', 2);
});

test('a place that was taken by an attempt whose answer was lost is not given up', async () => {
  let lost = 0;
  const losing: typeof tables.client = Object.create(tables.client, {
    send: {
      async value(command: object) {
        const answer = await tables.client.send(command as QueryCommand);
        if (!(command instanceof PutCommand) || lost > 0) return answer;
        lost += 1;
        // As the SDK does where the answer breaks off: the same write again.
        return tables.client.send(command as unknown as QueryCommand);
      },
    },
  });
  const writer = makeAuditTable({ client: losing, tableName: 'audit', mac: testMacs.make, clock });
  await writer.append(entry('lost-answer', '1'));
  expect(lost).toBe(1);
  await expectUnbroken('lost-answer', 1);
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
