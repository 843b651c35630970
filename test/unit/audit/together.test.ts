import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { type AuditRecord, hashOfRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { authenticRecord } from '../../../lambdas/shared/domain/audit/is-authentic.ts';
import { verifyChain } from '../../../lambdas/shared/domain/audit/verify-chain.ts';
import { clock, REQUEST_ID } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let [first, second, third, other]: AuditRecord[] = [];
beforeAll(async () => {
  tables = await startTables(['audit']);
  const { client } = tables;
  const log = makeAuditTable({ client, tableName: 'audit', mac: testMacs.make, clock });
  const entry = (chain: string, occurrence: string) =>
    ({ chain, requestId: REQUEST_ID, event: 'voted', occurrence, facts: { occurrence } }) as const;
  [first, second, third] = await log.appendAll(['1', '2', '3'].map((nth) => entry('anna', nth)));
  other = await log.append(entry('bert', '1'));
});
afterAll(() => tables.close());

const findings = async (...items: unknown[]) =>
  (await verifyChain({ chain: 'anna', items }, testMacs.verify)).finding;

test('records that were appended together are each the broker’s', async () => {
  for (const record of [first, second, third])
    expect(await authenticRecord(record, testMacs.verify)).toEqual(record);
  expect(await findings(first, second, third)).toBeUndefined();
});

const withHash = (record: object) => {
  const changed = { ...(record as AuditRecord), facts: { occurrence: 'another' } };
  return { ...changed, hash: hashOfRecord(changed) };
};
const SOME_HASH = `sha256:${'a'.repeat(64)}`;

test.each<[string, () => object]>([
  ['edited and hashed anew, the others’ MAC kept', () => withHash(second as AuditRecord)],
  [
    'edited and hashed anew, its new hash put among the others’',
    () => {
      const changed = withHash(second as AuditRecord);
      return {
        ...changed,
        together: second?.together?.map((hash) => (hash === second?.hash ? changed.hash : hash)),
      };
    },
  ],
  ['without the hashes of the others', () => ({ ...second, together: undefined })],
  ['with the hashes in another order', () => ({ ...second, together: second?.together?.toReversed() })],
  ['with one hash more', () => ({ ...second, together: [...(second?.together ?? []), SOME_HASH] })],
  [
    'with the hashes and the MAC of others',
    () => ({ ...other, together: second?.together, mac: second?.mac }),
  ],
  ['with the MAC of a single record', () => ({ ...second, mac: other?.mac })],
])('a record of several, %s, is not', async (_, tampered) => {
  expect(await authenticRecord(tampered(), testMacs.verify)).toBeUndefined();
  expect(await findings(first, { ...tampered(), chain: 'anna', seq: 2 }, third)).toMatchObject({ seq: 2 });
});
