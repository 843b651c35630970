import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeOnceTable, type OnceTable } from '../../../lambdas/shared/adapters/tables/once-table.ts';
import { startTables } from '../../support/start-tables.ts';

const START = Date.parse('2026-11-20T22:00:00.000Z');

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['once']);
});
afterAll(() => tables.close());

/** Seconds since the start; every test begins with 0 and a key of its own. */
let seconds = 0;
let key = 0;
let name = '';
beforeEach(() => {
  seconds = 0;
  key += 1;
  name = `key-${key}`;
});

const clock = () => new Date(START + seconds * 1000);
const tableWith = (now: () => Date, tableName = 'once'): OnceTable =>
  makeOnceTable({ client: tables.client, tableName, clock: now });
const once = () => tableWith(clock);
const twenty = <T>(call: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, call));

describe('a key that counts once: a signature, a code', () => {
  test('is the first a single time, however many bring it at once', async () => {
    const answers = await twenty(() => once().first(name, 60));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await once().first(name, 60)).toBe(false);
    expect(await once().first(`${name}-another`, 60)).toBe(true);
  });

  test.each([
    [59, false],
    [60, true],
    [61, true],
  ])(
    'after %i seconds of sixty may count again: %s, though DynamoDB has not deleted it',
    async (later, answer) => {
      expect(await once().first(name, 60)).toBe(true);
      seconds = later;
      expect(await once().first(name, 60)).toBe(answer);
    },
  );

  test('brought again in vain is not kept for longer by that', async () => {
    await once().first(name, 60);
    seconds = 59;
    expect(await once().first(name, 60)).toBe(false);
    seconds = 60;
    expect(await once().first(name, 60)).toBe(true);
  });
});

describe('a key that is taken: the nonce of a challenge', () => {
  test('is one caller’s, however many take it at once', async () => {
    await once().first(name, 60);
    expect((await twenty(() => once().take(name))).filter(Boolean)).toHaveLength(1);
    expect(await once().take(name)).toBe(false);
  });

  test('that nobody put is nobody’s', async () => expect(await once().take(name)).toBe(false));

  test.each([
    [59, true],
    [60, false],
  ])('after %i seconds of sixty is there: %s, though DynamoDB has not deleted it', async (later, answer) => {
    await once().first(name, 60);
    seconds = later;
    expect(await once().take(name)).toBe(answer);
  });
});

describe('a count: of wrong codes', () => {
  test('goes up by one each time, and no number comes twice where many count at once', async () => {
    expect(await once().count(name, 600)).toBe(1);
    expect(await once().count(name, 600)).toBe(2);
    const counted = await twenty(() => once().count(name, 600));
    expect(counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 3));
  });

  test('begins anew once its time is over, which counting does not put off', async () => {
    await once().count(name, 600);
    seconds = 599;
    expect(await once().count(name, 600)).toBe(2);
    seconds = 600;
    expect(await once().count(name, 600)).toBe(1);
  });

  test('that is prolonged lasts from then on: a lock of ten minutes', async () => {
    await once().count(name, 600);
    seconds = 500;
    await once().prolong(name, 600);
    seconds = 1_099;
    expect(await once().count(name, 600)).toBe(2);
    seconds = 1_100;
    expect(await once().count(name, 600)).toBe(1);
  });

  test('that is forgotten begins anew at once', async () => {
    await once().count(name, 600);
    await once().forget(name);
    expect(await once().count(name, 600)).toBe(1);
  });

  test('that expires between its two writes begins anew', async () => {
    await once().count(name, 600);
    // The first write reads the clock twice and finds a count; the second reads it once, and finds it over.
    const times = [10, 10, 700];
    const expiring = tableWith(() => new Date(START + (times.shift() ?? 700) * 1000));
    expect(await expiring.count(name, 600)).toBe(1);
    expect(times).toEqual([]);
  });

  test('that expires so each time is given up, as a failure: nobody gets a try for nothing', async () => {
    await once().count(name, 600);
    const times = Array.from({ length: 3 }, () => [10, 10, 700]).flat();
    const expiring = tableWith(() => new Date(START + (times.shift() ?? 0) * 1000));
    await expect(expiring.count(name, 600)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(times).toEqual([]);
  });
});

test.each<[string, (table: OnceTable) => Promise<unknown>]>([
  ['first', (table) => table.first(name, 60)],
  ['take', (table) => table.take(name)],
  ['count', (table) => table.count(name, 60)],
  ['prolong', (table) => table.prolong(name, 60)],
  ['forget', (table) => table.forget(name)],
])('%s: where the table cannot be reached it fails, and answers nothing', async (_, call) => {
  await expect(call(tableWith(clock, 'no-such-table'))).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: 'once table: ResourceNotFoundException',
  });
});
