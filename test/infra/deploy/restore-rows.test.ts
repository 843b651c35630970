import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareRows, nameOfRow, writeRows } from '../../../infra/deploy/restore/restore-rows.ts';
import { sayRejoined } from '../../../infra/deploy/restore/say-rejoined.ts';
import { startTables } from '../../support/start-tables.ts';

/** Two tables with one key: the copy of an earlier time, and the one that stands. */
const COPY = 'messages';
const STANDING = 'once';
const KEYS = ['key'];

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables([COPY, STANDING]);
});
afterAll(() => tables.close());

const row = (key: string, note: string) => ({ key, note });

test('a table gets the rows that its copy of an earlier time has, and no others', async () => {
  const { client } = tables;
  const fill = async (TableName: string, rows: object[]) => {
    for (const Item of rows) await client.send(new PutCommand({ TableName, Item }));
  };
  await fill(COPY, [row('ann', 'same'), row('bob', 'active'), row('dora', 'removed since')]);
  await fill(STANDING, [row('ann', 'same'), row('bob', 'changed since'), row('cleo', 'new since')]);
  const compared = { from: COPY, into: STANDING, keys: KEYS };

  const changes = await compareRows(client, compared);
  const names = (rows: readonly Record<string, unknown>[]) =>
    rows.map((written) => nameOfRow(written, KEYS)).sort();
  expect([names(changes.put), names(changes.remove)]).toEqual([['bob', 'dora'], ['cleo']]);

  await writeRows(client, STANDING, KEYS, changes);
  expect(await compareRows(client, compared)).toEqual({ put: [], remove: [] });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: COPY }));
  expect(Items).toHaveLength(3);
});

test('what joining the log to its archive came to is said, and what nothing explains is not hidden', () => {
  const lost = { chain: 'ann', seq: 7, hash: `sha256:${'ab'.repeat(32)}` };
  expect(sayRejoined({ putBack: { ann: 2, bert: 1 }, lost: [], unexplained: [] }, 'were')).toEqual([
    '3 records were put back from the archive',
    '  ann: 2',
    '  bert: 1',
  ]);
  const lines = sayRejoined({ putBack: {}, lost: [lost], unexplained: [{ ...lost, seq: 3 }] }, 'would be');
  expect(lines).toContain('  ann 7 (sha256:abababababab…)');
  expect(lines).toContainEqual(expect.stringMatching(/^NOT EXPLAINED/));
  expect(lines).toContain('  ann 3 (sha256:abababababab…)');
});
