import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sayVerdict } from '../../../clients/audit/say-verdict.ts';
import { isIntact, verifyAudit } from '../../../clients/audit/verify-audit.ts';
import {
  type AuditRecord,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
  RESTORED_CHAIN,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { LostRecord } from '../../../lambdas/shared/domain/audit/restoration.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startWrittenLog, type WrittenLog } from './support/written-log.ts';

const RECORDS = 4;

let log: WrittenLog;
let putBack: () => Promise<void>;
let restoreTable: () => Promise<void>;
let restoredTo: string;
/** Two chains. The table is backed up ten minutes after the first heads; then come three of anna's, and heads again. */
beforeAll(async () => {
  log = await startWrittenLog();
  for (let n = 1; n <= RECORDS; n++) {
    await log.append('anna', String(n));
    await log.append('bert', String(n));
  }
  await log.sign('anna', 'bert');
  log.wait(10);
  restoredTo = log.now();
  restoreTable = await log.backUp();
  log.wait(5);
  for (const n of ['5', '6', '7']) await log.append('anna', n);
  await log.sign('anna', 'bert');
  putBack = await log.keep();
  return () => log.close();
});
afterEach(async () => {
  await putBack();
  log.wait(15);
});

const found = async (): Promise<string[]> => {
  const { findings, headsFindings, archiveFindings } = await verifyAudit(log.ports);
  expect([headsFindings, archiveFindings]).toEqual([[], []]);
  return findings.map(({ chain, seq, problem }) => `${chain} ${seq} ${problem}`);
};
const lostNow = async () => (await verifyAudit(log.ports)).restorations.map(({ lost }) => lost);
const placesOf = (records: readonly LostRecord[]) => records.map(({ chain, seq }) => `${chain} ${seq}`);

/** A `restored` record behind the last, by whoever can make MACs; `mac` is another where they cannot. */
async function restoredNaming(
  lost: readonly Pick<AuditRecord, 'chain' | 'seq' | 'hash'>[],
  { mac, to = restoredTo }: { mac?: string; to?: string } = {},
): Promise<AuditRecord> {
  let last: AuditRecord | undefined;
  for await (const item of log.ports.audit.itemsOf(RESTORED_CHAIN)) last = item as AuditRecord;
  const record = {
    chain: RESTORED_CHAIN,
    seq: (last?.seq ?? 0) + 1,
    previousHash: last?.hash ?? FIRST_PREVIOUS_HASH,
    requestId: RESTORED_CHAIN,
    eventId: `${RESTORED_CHAIN}#restored#by hand`,
    event: 'restored' as const,
    at: log.now(),
    facts: {
      restoredTo: to,
      tables: ['audit'],
      reason: 'Nothing to see.',
      restoredBy: 'arn:somebody',
      putBack: 0,
      lost: lost.map(({ chain, seq, hash }) => ({ chain, seq, hash })),
    },
  };
  const hash = hashOfRecord(record);
  return { ...record, hash, mac: mac ?? (await testMacs.make(hash)) };
}
const putRestored = async (...asked: Parameters<typeof restoredNaming>) => {
  const record = await restoredNaming(...asked);
  await log.put(record);
  await log.stream(record);
};

describe('a table restored to an earlier time', () => {
  test('lacks what was archived since, which verify names until it is joined again', async () => {
    await restoreTable();
    expect(await found()).toEqual(['_heads 2 cut', 'anna 5 cut']);
  });

  test('has it back once it is joined again: nothing is lost, and verify tells of it', async () => {
    await restoreTable();
    const done = await log.rejoin(restoredTo);
    expect(done).toEqual({ putBack: { _heads: 1, anna: 3 }, lost: [], unexplained: [] });
    expect(await found()).toEqual([]);
    expect(await lostNow()).toEqual([0]);
    expect(sayVerdict(await verifyAudit(log.ports))).toEqual([
      expect.stringMatching(
        /^NOTE .*: audit restored to .* by arn:of-the-operator, “A drill\.”: 4 records put back, 0 lost$/,
      ),
      expect.stringContaining('records good in 4 chains'),
      'The audit log is as it was written.',
    ]);
  });

  test('is signed and appended to as before', async () => {
    await restoreTable();
    await log.rejoin(restoredTo);
    await log.append('anna', '8');
    expect(await log.sign('anna', 'bert')).toMatchObject({ signed: 3 });
    log.wait(20);
    expect(await found()).toEqual([]);
  });

  test('is only looked at in a dry run', async () => {
    await restoreTable();
    const done = await log.rejoin(restoredTo, { dryRun: true });
    expect(done).toEqual({ putBack: { _heads: 1, anna: 3 }, lost: [], unexplained: [] });
    expect(await found()).toEqual(['_heads 2 cut', 'anna 5 cut']);
    expect(await lostNow()).toEqual([]);
  });

  test('can be joined twice; the second time nothing is left to do', async () => {
    await restoreTable();
    await log.rejoin(restoredTo);
    expect(await log.rejoin(restoredTo)).toEqual({ putBack: {}, lost: [], unexplained: [] });
    expect(await found()).toEqual([]);
  });

  test('and once more, to an earlier time still: the record of the first restoration comes back too', async () => {
    await restoreTable();
    await log.rejoin(restoredTo);
    log.wait(1);
    await restoreTable();
    expect(await log.rejoin(restoredTo)).toMatchObject({ putBack: { _restored: 1, _heads: 1, anna: 3 } });
    expect(await found()).toEqual([]);
    expect(await lostNow()).toEqual([0, 0]);
  });

  test('is not joined to a time that has not come', async () => {
    await expect(log.rejoin('2030-01-01T00:00:00Z')).rejects.toThrow(RangeError);
  });
});

/** The broker writes before the table is joined again: its records take places that the archive has others of. */
async function goOnTooEarly(): Promise<void> {
  await restoreTable();
  log.wait(1);
  await log.append('anna', 'other 5');
  await log.append('anna', 'other 6');
}

describe('where the broker went on writing first', () => {
  test('heads are not signed, and it is found', async () => {
    await goOnTooEarly();
    // The number that is next in the table is taken in the archive; behind it nothing fits.
    expect(await log.sign('anna', 'bert')).toMatchObject({ signed: 0 });
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
    expect(await found()).toEqual(expect.arrayContaining(['_heads 2 rehashed', 'anna 5 replaced']));
    await log.rejoin(restoredTo);
    expect(await found()).toEqual([]);
    expect(await log.sign('anna', 'bert')).toMatchObject({ signed: 3 });
    expect(await found()).toEqual([]);
  });

  test('what the archive had there is named as lost, record by record, and verify accepts just that', async () => {
    await goOnTooEarly();
    const { lost, putBack: back } = await log.rejoin(restoredTo);
    expect(placesOf(lost)).toEqual(['anna 5', 'anna 6', 'anna 7']);
    expect(back).toEqual({ _heads: 1 });
    expect(await found()).toEqual([]);
    expect(sayVerdict(await verifyAudit(log.ports)).at(-1)).toBe(
      'The audit log is as it was written, but for 3 records that restorations lost, and that are named.',
    );
  });

  test('the chain grows over the places of what was lost, and is signed', async () => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    for (const n of ['7', '8', '9']) await log.append('anna', `other ${n}`);
    expect(await log.sign('anna', 'bert')).toMatchObject({ signed: 3 });
    log.wait(20);
    expect(await found()).toEqual([]);
  });

  test.each([5, 7])('a record of the new branch that is removed later is found: %i', async (seq) => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    await log.append('anna', 'other 7');
    for (let gone = seq; gone <= 7; gone++) await log.remove('anna', gone);
    expect(await found()).toContain(`anna ${seq} cut`);
  });

  test('a record of the new branch that is edited later is found', async () => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    await log.put({ ...(await log.at('anna', 6)), facts: { note: 'nothing to see' } });
    expect(await found()).toEqual(['anna 6 altered']);
  });
});

describe('a record that signed heads name and the archive never had', () => {
  const loseOne = async () => {
    await log.appendUnarchived('bert', '5');
    await log.sign('anna', 'bert');
    await restoreTable();
  };

  test('is named as lost', async () => {
    await loseOne();
    expect(placesOf((await log.rejoin(restoredTo)).lost)).toEqual(['bert 5']);
    expect(await found()).toEqual([]);
    await log.append('bert', 'another 5');
    expect(await found()).toEqual([]);
    expect(await log.sign('anna', 'bert')).toMatchObject({ chains: 4 });
  });

  test('and by no other hash', async () => {
    await loseOne();
    const { hash } = await log.at('bert', 4);
    await log.rejoin(restoredTo, { dryRun: true });
    await putRestored([{ chain: 'bert', seq: 5, hash }]);
    expect(await found()).toEqual(expect.arrayContaining(['_restored 1 overreaching', 'bert 5 cut']));
  });
});

describe('a `restored` record excuses no tampering', () => {
  test('that was done before: what is older than the restored time is not put back, and stays found', async () => {
    await restoreTable();
    await log.remove('anna', 2);
    await log.rejoin(restoredTo);
    expect(await found()).toEqual(['anna 2 missing']);
  });

  test('that cut the end of a chain which was idle since: it is named as unexplained', async () => {
    await restoreTable();
    await log.remove('bert', RECORDS);
    expect(placesOf((await log.rejoin(restoredTo)).unexplained)).toEqual([`bert ${RECORDS}`]);
    expect(await found()).toEqual([`bert ${RECORDS} cut`]);
  });

  test('forged: without the broker’s MAC it is itself found', async () => {
    const gone = await log.at('anna', 6);
    await log.remove('anna', 6);
    await log.put(await restoredNaming([gone], { mac: gone.mac }));
    expect(await found()).toEqual(['_restored 1 forged', 'anna 6 missing']);
  });

  test('replayed behind itself, or in another chain', async () => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    const restored = await log.at(RESTORED_CHAIN, 1);
    await log.put({ ...restored, seq: 2 });
    await log.put({ ...restored, chain: 'bert', seq: RECORDS + 1 });
    expect(await found()).toEqual(['_restored 2 altered', `bert ${RECORDS + 1} altered`]);
  });

  test('of another restoration: that of the first says nothing of records that came later', async () => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    await log.append('anna', 'other 7');
    const before = await log.backUp();
    await log.append('anna', 'other 8');
    await before();
    await log.append('anna', 'yet another 8');
    expect(await found()).toEqual(['anna 8 replaced']);
  });

  test('too wide: it names a record from before the restored time', async () => {
    const gone = await log.at('anna', 2);
    await log.remove('anna', 2);
    await putRestored([gone]);
    expect(await found()).toEqual(['anna 2 missing', '_restored 1 overreaching']);
  });

  test('too wide: it names what could have been put back', async () => {
    const gone = await log.at('anna', 7);
    await log.remove('anna', 7);
    await putRestored([gone]);
    expect(await found()).toEqual(['anna 7 cut', '_restored 1 overreaching']);
  });

  test('too wide: it names, beforehand, what still stands', async () => {
    await putRestored([await log.at('anna', 6)]);
    expect(await found()).toEqual(['_restored 1 overreaching']);
  });

  test('taken away: what it accounted for is found again, and so is that it is gone', async () => {
    await goOnTooEarly();
    await log.rejoin(restoredTo);
    await log.remove(RESTORED_CHAIN, 1);
    expect(await found()).toEqual(expect.arrayContaining(['_restored 1 cut', 'anna 5 replaced']));
  });

  test('and an untouched log needs none', async () => {
    expect(isIntact(await verifyAudit(log.ports))).toBe(true);
  });
});
