import { afterEach, beforeAll, expect, test } from 'vitest';
import { isIntact, verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { keyOfHeads, keyOfRecord } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import {
  type AuditRecord,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { REQUEST_ID } from '../../support/example-state.ts';
import { startWrittenLog, type WrittenLog } from './support/written-log.ts';

/** Records of each chain; up to SIGNED they are under signed heads, and those behind are younger than the last. */
const RECORDS = 8;
const SIGNED = 5;
const OLD = 2;
const YOUNG = 7;

let log: WrittenLog;
let putBack: () => Promise<void>;
/** Two chains; heads signed three times, the last at SIGNED. Everything is archived. */
beforeAll(async () => {
  log = await startWrittenLog();
  for (let n = 1; n <= RECORDS; n++) {
    await log.append('anna', String(n));
    await log.append('bert', String(n));
    if (n === 1 || n === 3 || n === SIGNED) await log.sign('anna', 'bert');
  }
  putBack = await log.keep();
  return () => log.close();
});
afterEach(() => putBack());

type Tampering = {
  readonly what: string;
  readonly tamper: (log: WrittenLog) => unknown;
  /** Each of these is named, and nothing else. */
  readonly found: readonly string[];
};

const change = (record: AuditRecord): AuditRecord => ({ ...record, facts: { occurrence: 'another' } });
const rehashed = (record: AuditRecord): AuditRecord => ({ ...record, hash: hashOfRecord(record) });
const removeFrom = async (log: WrittenLog, chain: string, from: number, to = RECORDS) => {
  for (let seq = from; seq <= to; seq++) await log.remove(chain, seq);
};
const forgedAfter = (chain: string, seq: number, previousHash: string, mac: string): AuditRecord => {
  const record = {
    ...{ chain, seq, previousHash, requestId: REQUEST_ID, facts: {} },
    eventId: `${REQUEST_ID}#issued#1`,
    event: 'issued' as const,
    at: '2026-11-20T12:00:00.000Z',
  };
  return { ...record, hash: hashOfRecord(record), mac };
};

/** What can be done to one record, wherever it stands. */
const onARecord = (age: string, seq: number): Tampering[] => [
  {
    what: `${age}: its facts edited`,
    tamper: async (log) => log.put(change(await log.at('anna', seq))),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: its facts edited and hashed anew`,
    tamper: async (log) => log.put(rehashed(change(await log.at('anna', seq)))),
    found: [`anna ${seq} forged`],
  },
  {
    what: `${age}: edited, and every hash behind it made anew`,
    tamper: (log) => log.rehash('anna', seq, change),
    found: replacedFrom(seq, 'forged'),
  },
  {
    what: `${age}: its time moved by a minute`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), at: '2026-11-20T12:34:56.000Z' }),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: its time no longer a time`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), at: 'yesterday' }),
    found: [`anna ${seq} malformed`],
  },
  {
    what: `${age}: a letter exchanged for one that looks the same`,
    tamper: async (log) => {
      const record = await log.at('anna', seq);
      return log.put({ ...record, requestId: record.requestId.replace('a', 'а') });
    },
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: a fact added that nothing shows`,
    tamper: async (log) => {
      const record = await log.at('anna', seq);
      return log.put({ ...record, facts: { ...record.facts, '\u200b': true } });
    },
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: an attribute added beside what is hashed`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), note: 'approved by the board' }),
    found: [`anna ${seq} replaced`],
  },
  {
    what: `${age}: its MAC taken from another record`,
    tamper: async (log) => {
      const { mac } = await log.at('bert', seq);
      return log.put({ ...(await log.at('anna', seq)), mac });
    },
    found: [`anna ${seq} forged`],
  },
  {
    what: `${age}: its MAC empty`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), mac: '' }),
    found: [`anna ${seq} forged`],
  },
  {
    what: `${age}: its event another`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), event: 'denied' }),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: its event none that there is`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), event: 'forgiven' }),
    found: [`anna ${seq} malformed`],
  },
  {
    what: `${age}: its link to the record before another`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq)), previousHash: FIRST_PREVIOUS_HASH }),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: no record any more`,
    tamper: (log) => log.put({ chain: 'anna', seq, note: 'nothing to see' }),
    found: [`anna ${seq} malformed`],
  },
  {
    what: `${age}: removed`,
    tamper: (log) => log.remove('anna', seq),
    found: [`anna ${seq} missing`],
  },
  {
    what: `${age}: the other chain's record of the same place`,
    tamper: async (log) => log.put({ ...(await log.at('bert', seq)), chain: 'anna' }),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: the record before it once more`,
    tamper: async (log) => log.put({ ...(await log.at('anna', seq - 1)), seq }),
    found: [`anna ${seq} altered`],
  },
  {
    what: `${age}: exchanged with the one before`,
    tamper: async (log) => {
      const [first, second] = [await log.at('anna', seq - 1), await log.at('anna', seq)];
      await log.put({ ...first, seq });
      await log.put({ ...second, seq: seq - 1 });
    },
    found: [`anna ${seq - 1} altered`, `anna ${seq} replaced`],
  },
  {
    what: `${age}: removed, and those behind moved up and hashed anew`,
    tamper: async (log) => {
      const later = await Promise.all(
        Array.from({ length: RECORDS - seq }, (_, index) => log.at('anna', seq + index + 1)),
      );
      await log.remove('anna', RECORDS);
      for (const record of later) await log.put({ ...record, seq: record.seq - 1 });
      await log.rehash('anna', seq, (record) => record);
    },
    found: [...replacedFrom(seq, 'forged', RECORDS - 1), `anna ${RECORDS} cut`],
  },
  {
    what: `${age}: one put in before it, and all behind moved down and hashed anew`,
    tamper: async (log) => {
      const later = await Promise.all(
        Array.from({ length: RECORDS - seq + 1 }, (_, index) => log.at('anna', seq + index)),
      );
      for (const record of later) await log.put({ ...record, seq: record.seq + 1 });
      const [first] = later;
      if (first) await log.put(change(first));
      await log.rehash('anna', seq, (record) => record);
    },
    found: [...replacedFrom(seq, 'forged'), `anna ${RECORDS + 1} unarchived`],
  },
];

/** The walk's finding at its first bad record, and the archive's at each behind it. */
function replacedFrom(seq: number, first: string, last = RECORDS): string[] {
  return Array.from({ length: last - seq + 1 }, (_, index) =>
    index === 0 ? `anna ${seq} ${first}` : `anna ${seq + index} replaced`,
  );
}

const tamperings: Tampering[] = [
  ...onARecord('an old record', OLD),
  ...onARecord('a young record', YOUNG),
  {
    what: 'the tail cut below what was signed',
    tamper: (log) => removeFrom(log, 'anna', SIGNED),
    found: [`anna ${SIGNED} cut`],
  },
  {
    what: 'the tail cut behind what was signed',
    tamper: (log) => removeFrom(log, 'anna', SIGNED + 1),
    found: [`anna ${SIGNED + 1} cut`],
  },
  {
    what: 'the tail cut together with the heads that named it',
    tamper: async (log) => {
      await removeFrom(log, 'anna', 4);
      log.archive.destroy(keyOfHeads(3));
    },
    found: ['anna 4 cut', 'heads 3 missing'],
  },
  {
    what: 'young records removed, and honest appends over them',
    tamper: async (log) => {
      await removeFrom(log, 'anna', YOUNG);
      await log.append('anna', 'honest 1');
      await log.append('anna', 'honest 2');
    },
    found: [`anna ${YOUNG} replaced`, `anna ${YOUNG + 1} replaced`],
  },
  {
    what: 'a whole chain removed',
    tamper: (log) => removeFrom(log, 'anna', 1),
    found: ['anna 1 cut'],
  },
  {
    what: 'a chain removed that no heads were ever signed of',
    tamper: async (log) => {
      await log.append('carl', '1');
      await log.remove('carl', 1);
    },
    found: ['carl 1 cut'],
  },
  {
    what: 'a whole chain hashed anew',
    tamper: (log) => log.rehash('anna', 1, change),
    found: replacedFrom(1, 'rehashed'),
  },
  {
    what: 'a chain made up',
    tamper: async (log) =>
      log.put(forgedAfter('carl', 1, FIRST_PREVIOUS_HASH, (await log.at('bert', 1)).mac)),
    found: ['carl 1 forged'],
  },
  {
    what: 'a record forged at the end of a chain',
    tamper: async (log) => {
      const { hash, mac } = await log.at('anna', RECORDS);
      return log.put(forgedAfter('anna', RECORDS + 1, hash, mac));
    },
    found: [`anna ${RECORDS + 1} forged`],
  },
  {
    what: 'a record forged at the end, archived by the stream, and removed again',
    tamper: async (log) => {
      const { hash, mac } = await log.at('anna', RECORDS);
      const forged = forgedAfter('anna', RECORDS + 1, hash, mac);
      await log.stream(forged);
      await log.append('anna', 'honest');
      expect(log.logged).toMatchObject([{ message: 'audit record not authentic' }]);
      // The genuine record got its place in the archive: taking it back is found.
      await log.remove('anna', RECORDS + 1);
    },
    found: [`anna ${RECORDS + 1} cut`],
  },
  ...[0, -1, 2.5].map((seq) => ({
    what: `an item at place ${seq}`,
    tamper: async (log: WrittenLog) => log.put({ ...(await log.at('anna', OLD)), seq }),
    found: [`anna ${seq} stray`],
  })),
  {
    what: 'a genuine record that the archive never got',
    tamper: async (log) => {
      log.archive.destroy(keyOfRecord('anna', RECORDS));
      log.wait(16);
    },
    found: [`anna ${RECORDS} unarchived`],
  },
  {
    what: 'the archive: a record hidden by a delete marker',
    tamper: (log) => log.archive.hide(keyOfRecord('anna', OLD)),
    found: [`archive ${keyOfRecord('anna', OLD)} deleted`],
  },
  {
    what: 'the archive: a record hidden, and removed from the table too',
    tamper: async (log) => {
      log.archive.hide(keyOfRecord('anna', RECORDS));
      await log.remove('anna', RECORDS);
    },
    found: [`anna ${RECORDS} cut`, `archive ${keyOfRecord('anna', RECORDS)} deleted`],
  },
  {
    what: 'the archive: another object put over a record',
    tamper: (log) => {
      log.archive.overwrite(keyOfRecord('anna', OLD), log.archive.textOf(keyOfRecord('bert', OLD)));
    },
    found: [`archive ${keyOfRecord('anna', OLD)} overwritten`],
  },
  {
    what: 'the archive and the table: the same edit in both',
    tamper: async (log) => {
      const edited = change(await log.at('anna', YOUNG));
      await log.put(edited);
      log.archive.overwrite(keyOfRecord('anna', YOUNG), JSON.stringify({ chain: { S: 'anna' } }));
    },
    found: [`anna ${YOUNG} altered`, `archive ${keyOfRecord('anna', YOUNG)} overwritten`],
  },
  {
    what: 'the archive: what stands at a place is no record',
    tamper: (log) => log.archive.alter(keyOfRecord('anna', OLD), () => 'not JSON'),
    found: [`archive ${keyOfRecord('anna', OLD)} unauthentic`, `anna ${OLD} unarchived`],
  },
  {
    what: 'the archive: a record that was never in the table, in a place of the future',
    tamper: (log) =>
      log.archive.overwrite(
        keyOfRecord('anna', RECORDS + 1),
        log.archive.textOf(keyOfRecord('anna', RECORDS)),
      ),
    found: [`archive ${keyOfRecord('anna', RECORDS + 1)} unauthentic`],
  },
  {
    what: 'the archive: an object under a name that is no place',
    tamper: (log) => log.archive.overwrite('records/anna/1.json', '{}'),
    found: ['archive records/anna/1.json unauthentic'],
  },
  ...[1, 2, 3].map((number) => ({
    what: `signed heads ${number} gone without a trace`,
    tamper: (log: WrittenLog) => {
      log.archive.destroy(keyOfHeads(number));
      log.wait(11);
    },
    found: [`heads ${number} missing`],
  })),
  {
    what: 'signed heads hidden by a delete marker',
    tamper: (log) => log.archive.hide(keyOfHeads(2)),
    found: [`archive ${keyOfHeads(2)} deleted`],
  },
  {
    what: 'older heads, validly signed, in the place of newer ones',
    tamper: (log) => log.archive.alter(keyOfHeads(3), () => log.archive.textOf(keyOfHeads(1))),
    found: ['heads 3 altered'],
  },
  {
    what: 'older heads put over newer ones',
    tamper: (log) => log.archive.overwrite(keyOfHeads(3), log.archive.textOf(keyOfHeads(1))),
    found: [`archive ${keyOfHeads(3)} overwritten`],
  },
  {
    what: 'signed heads that say something else than was signed',
    tamper: (log) => log.archive.alter(keyOfHeads(2), (text) => text.replace('"seq":3', '"seq":2')),
    found: ['heads 2 altered'],
  },
  {
    what: 'a signature exchanged for another',
    tamper: (log) =>
      log.archive.alter(keyOfHeads(2), (text) => {
        const { signature } = JSON.parse(log.archive.textOf(keyOfHeads(1)));
        return JSON.stringify({ ...JSON.parse(text), signature });
      }),
    found: ['heads 2 altered'],
  },
  {
    what: 'the announcement of the last heads removed with them',
    tamper: async (log) => {
      log.archive.destroy(keyOfHeads(3));
      await log.remove('_heads', 3);
      log.wait(11);
    },
    found: ['_heads 3 cut'],
  },
];

test('they are distinct, and many', () => {
  expect(new Set(tamperings.map(({ what }) => what)).size).toBe(tamperings.length);
  expect(tamperings.length).toBeGreaterThanOrEqual(52);
});

test('a log as it was written is found good, also when it is no longer young', async () => {
  const good = {
    records: 2 * RECORDS + 3,
    signedHeads: 3,
    findings: [],
    headsFindings: [],
    archiveFindings: [],
  };
  expect(await verifyAudit(log.ports)).toMatchObject(good);
  log.wait(24 * 60);
  expect(await verifyAudit(log.ports)).toMatchObject(good);
});

test.each(tamperings)('$what', async ({ tamper, found }) => {
  await tamper(log);
  const early = await verifyAudit(log.ports);
  // Once more after the minutes in which a record may still be under way.
  log.wait(20);
  const late = await verifyAudit(log.ports);
  expect(named(late)).toEqual([...found].sort());
  expect(isIntact(late)).toBe(false);
  for (const finding of named(early)) expect(found).toContain(finding);
});

function named({ findings, headsFindings, archiveFindings }: Awaited<ReturnType<typeof verifyAudit>>) {
  return [
    ...findings.map(({ chain, seq, problem }) => `${chain} ${seq} ${problem}`),
    ...headsFindings.map(({ number, problem }) => `heads ${number} ${problem}`),
    ...archiveFindings.map(({ key, problem }) => `archive ${key} ${problem}`),
  ].sort();
}

test('a genuine record is never written over: the digest of the archived one is what stays', async () => {
  const before = digestOf(log.archive.textOf(keyOfRecord('anna', OLD)));
  await log.put(change(await log.at('anna', OLD)));
  await log.stream(await log.at('anna', OLD));
  expect(digestOf(log.archive.textOf(keyOfRecord('anna', OLD)))).toBe(before);
  expect(log.archive.keys().filter((key) => key.startsWith('unauthentic/'))).toHaveLength(1);
});
