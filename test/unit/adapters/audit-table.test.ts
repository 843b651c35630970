import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import {
  CONFIG_CHAIN,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { clock, NOW, REQUEST_ID } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['audit']);
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

/** The tables, and what is read of them: pages of a chain, not single records. */
function countingLooks() {
  const looks: QueryCommandInput[] = [];
  const client: typeof tables.client = Object.create(tables.client, {
    send: {
      value: (command: object) => {
        if (command instanceof QueryCommand && command.input.Limit) looks.push(command.input);
        return tables.client.send(command as QueryCommand);
      },
    },
  });
  return { client, looks };
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

/** Appends of each of three processes, all at once. */
const AT_ONCE = process.env.POSTERN_DEEP ? 100 : 40;

test(`${3 * AT_ONCE} at once, of several processes, all land, with few looks at the chain`, async () => {
  const { client, looks } = countingLooks();
  const writers = [1, 2, 3].map(() =>
    makeAuditTable({ client, tableName: 'audit', mac: testMacs.make, clock }),
  );
  const written = await Promise.all(
    writers.flatMap((writer, w) =>
      Array.from({ length: AT_ONCE }, (_, n) => writer.append(entry('crowd', `${w}-${n}`))),
    ),
  );
  await expectUnbroken('crowd', 3 * AT_ONCE);
  // Each was answered its own record.
  expect(written.map(({ facts }) => facts.occurrence)).toEqual(
    [0, 1, 2].flatMap((w) => Array.from({ length: AT_ONCE }, (_, n) => `${w}-${n}`)),
  );
  expect(looks.length).toBeLessThan(3 * AT_ONCE);
});

test('an event that two runs of a handler append at once is one record, answered to both', async () => {
  const writer = log();
  const [, first, second] = await Promise.all(
    ['first', 'same', 'same'].map((occurrence) => writer.append(entry('both', occurrence))),
  );
  expect(first).toEqual(second);
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

test('nothing to append is nothing written, and an event is named by its request, what happened and which of them', async () => {
  expect(await log().appendAll([])).toEqual([]);
  const { occurrence: _, ...once } = entry('named', '1');
  expect([(await log().append(once)).eventId, (await log().append(entry('named', '2'))).eventId]).toEqual([
    `${REQUEST_ID}#voted#1`,
    `${REQUEST_ID}#voted#2`,
  ]);
});

test('the same event twice is one record', async () => {
  const first = await log().append(entry('again', '1'));
  expect(await log().append(entry('again', '1'))).toEqual(first);
  expect(await chainOf('again')).toHaveLength(1);
});

describe('records of one step', () => {
  const counting = () => {
    const made: string[] = [];
    const mac = (text: string) => {
      made.push(text);
      return testMacs.make(text);
    };
    const sent: string[] = [];
    const client: typeof tables.client = Object.create(tables.client, {
      send: {
        value(command: object) {
          sent.push(command.constructor.name);
          return tables.client.send(command as QueryCommand);
        },
      },
    });
    return { made, sent, log: makeAuditTable({ client, tableName: 'audit', mac, clock }) };
  };

  test('are written by one call, with one MAC over all of them', async () => {
    const { made, sent, log: writer } = counting();
    const records = await writer.appendAll(['1', '2', '3'].map((nth) => entry('step', nth)));
    expect(sent).toEqual(['QueryCommand', 'TransactWriteCommand']);
    expect(made).toEqual([records.map(({ hash }) => hash).join(' ')]);
    expect(records.map(({ together }) => together)).toEqual(
      records.map(() => records.map(({ hash }) => hash)),
    );
    await expectUnbroken('step', 3);
  });

  test('more than go together are written in several, all of them', async () => {
    const { sent, log: writer } = counting();
    await writer.appendAll(Array.from({ length: 45 }, (_, nth) => entry('many', String(nth))));
    expect(sent.filter((name) => name === 'TransactWriteCommand')).toHaveLength(3);
    await expectUnbroken('many', 45);
  });

  test('some of which stand already are completed', async () => {
    await log().append(entry('half', '2'));
    const records = await log().appendAll(['1', '2', '3'].map((nth) => entry('half', nth)));
    expect(records.map(({ facts }) => facts.occurrence)).toEqual(['1', '2', '3']);
    await expectUnbroken('half', 3);
  });

  test('the next one follows behind a place that is known, with a look at that place alone', async () => {
    const first = await log().append(entry('next', '1'));
    const { sent, log: writer } = counting();
    const next = await writer.append(entry('next', '2'), first);
    expect([next.seq, sent]).toEqual([2, ['QueryCommand', 'PutCommand']]);
    expect(await writer.append(entry('next', '2'), first)).toEqual(next);
    await expectUnbroken('next', 2);
  });

  test('where another follows that place already, the chain is looked at', async () => {
    const first = await log().append(entry('overtaken', '1'));
    await log().append(entry('overtaken', 'another'));
    expect(await log().append(entry('overtaken', '2'), first)).toMatchObject({ seq: 3 });
    await expectUnbroken('overtaken', 3);
  });

  test.each([
    ['of another record', { seq: 1, hash: FIRST_PREVIOUS_HASH }],
    ['behind the end', { seq: 7, hash: FIRST_PREVIOUS_HASH }],
  ])('a place %s is not believed: no gap, no fork', async (what, end) => {
    await log().append(entry(what, '1'));
    expect(await log().append(entry(what, '2'), end)).toMatchObject({ seq: 2 });
    await expectUnbroken(what, 2);
  });
});

describe('a look at a long chain', () => {
  const MINUTE = 60_000;
  const start = NOW.getTime();
  /** A request made so many minutes after the start, and its event. */
  const madeAfter = (minutes: number, chain: string, event: 'requested' | 'issued') =>
    ({
      chain,
      requestId: `analyst1-${encodeTime(start + minutes * MINUTE)}0000000000000000`,
      event,
      facts: {},
    }) as const;

  /** A writer whose clock shows so many minutes after the start. */
  function writerAt(minutes: number, client = tables.client) {
    const now = () => new Date(start + minutes * MINUTE);
    return makeAuditTable({ client, tableName: 'audit', mac: testMacs.make, clock: now });
  }

  /** One request a minute, for 120 minutes: fifteen times the first page of a look. */
  async function fill(chain: string): Promise<void> {
    for (let minute = 0; minute < 120; minute++)
      await writerAt(minute).append(madeAfter(minute, chain, 'requested'));
  }

  test('finds what was recorded long before, and goes no further back than its request', async () => {
    await fill('late');
    const { client, looks } = countingLooks();
    const { append } = writerAt(120, client);
    const again = await append(madeAfter(40, 'late', 'requested'));
    expect([again.seq, looks.map(({ Limit }) => Limit)]).toEqual([41, [8, 32, 128]]);
    // Each goes on where the one before it ended, and none reads what may be older than what was just written.
    expect(looks.map(({ ExclusiveStartKey }) => ExclusiveStartKey?.seq)).toEqual([undefined, 113, 81]);
    expect(looks.every(({ ConsistentRead }) => ConsistentRead)).toBe(true);
    await append(madeAfter(90, 'late', 'issued'));
    expect(looks.slice(3).map(({ Limit }) => Limit)).toEqual([8, 32]);
    await expectUnbroken('late', 121);
  });

  test('goes as far back as the oldest request of several', async () => {
    await fill('several');
    const both = [madeAfter(120, 'several', 'requested'), madeAfter(10, 'several', 'requested')];
    const records = await writerAt(120).appendAll(both);
    expect(records.map(({ seq }) => seq)).toEqual([121, 11]);
    await expectUnbroken('several', 121);
  });

  test('serves an append that comes after it, which looks again where it lost its place', async () => {
    const first = await log().append(entry('looked', '1'));
    const { client, looks } = countingLooks();
    const writer = writerAt(1, client);
    const places = await writer.look({ chain: 'looked', requestId: REQUEST_ID, event: 'issuing' });
    expect(places).toMatchObject([{ seq: 1, hash: first.hash }]);
    const [second] = await writer.appendLooked([entry('looked', '2')], places, Promise.resolve());
    expect([second?.seq, looks.length]).toEqual([2, 1]);
    const [third] = await writer.appendLooked([entry('looked', '3')], places, Promise.resolve());
    expect([third?.seq, looks.length]).toEqual([3, 2]);
    await expectUnbroken('looked', 3);
  });

  test('nothing is placed where what it waits for is refused', async () => {
    const writer = writerAt(1);
    const refused = Promise.reject(new Error('not sealed'));
    await expect(writer.appendLooked([entry('refused', '1')], [], refused)).rejects.toThrow('not sealed');
    await expectUnbroken('refused', 0);
  });

  test('is one page where the request is younger than that, or where all is found in it', async () => {
    await fill('quick');
    const { client, looks } = countingLooks();
    const { append, appendAll } = writerAt(120, client);
    await append(madeAfter(120, 'quick', 'requested'));
    await appendAll([madeAfter(120, 'quick', 'requested'), madeAfter(119, 'quick', 'requested')]);
    expect(looks).toHaveLength(2);
    await expectUnbroken('quick', 121);
  });

  test('after a lost race reads what is new alone', async () => {
    await fill('raced');
    const { client, looks } = countingLooks();
    let raced = false;
    const losing: typeof client = Object.create(client, {
      send: {
        async value(command: object) {
          if (command instanceof PutCommand && !raced) {
            raced = true;
            await writerAt(120).append(madeAfter(120, 'raced', 'requested'));
          }
          return client.send(command as QueryCommand);
        },
      },
    });
    await writerAt(120, losing).append(madeAfter(0, 'raced', 'issued'));
    expect(looks.map(({ Limit }) => Limit)).toEqual([8, 32, 128, 8]);
    await expectUnbroken('raced', 122);
  });

  test('goes back to the beginning for what has no request', async () => {
    const change = (occurrence: string) =>
      ({
        chain: CONFIG_CHAIN,
        requestId: CONFIG_CHAIN,
        event: 'config_changed',
        occurrence,
        facts: {},
      }) as const;
    for (let minute = 0; minute < 30; minute++) await writerAt(minute).append(change(String(minute)));
    expect((await writerAt(30).append(change('0'))).seq).toBe(1);
  });
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
