import assert from 'node:assert/strict';
import { keyOfHeads, keyOfRecord } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import {
  type AuditRecord,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { REQUEST_ID } from '../example-state.ts';

/** A log in the hands of somebody who can write its table, and its archive as far as a store lets them. */
export type TamperedLog = {
  put(item: object): Promise<unknown>;
  remove(chain: string, seq: number): Promise<unknown>;
  at(chain: string, seq: number): Promise<AuditRecord>;
  rehash(chain: string, from: number, change: (record: AuditRecord) => AuditRecord): Promise<void>;
  /** An honest append, by the log's own writer. */
  append(chain: string, occurrence: string): Promise<unknown>;
  /** Hands an item to the archive, as the table's stream does. */
  stream(item: object): Promise<unknown>;
  /** How many records the archive's function said of that they are not authentic. */
  complaints(): number;
  readonly archive: {
    textOf(key: string): string | Promise<string>;
    overwrite(key: string, text: string): unknown;
    hide(key: string): unknown;
    destroy(key: string): void;
    alter(key: string, change: (text: string) => string): void;
  };
  wait(minutes: number): void;
};

/**
 * Two chains of as many records; up to `signed` they are under signed heads, of which there are `heads`; the first of
 * them says where the chain ended then.
 */
export type TamperedPlace = {
  readonly chain: string;
  readonly other: string;
  readonly records: number;
  readonly signed: number;
  readonly heads: number;
  readonly firstSigned: number;
};

export type Tampering = {
  readonly what: string;
  /**
   * What it takes beside the table: writing the archive, the log's own writer, or a store that is no S3 with Object
   * Lock, which would let nobody do it.
   */
  readonly needs?: 'the archive' | 'the writer' | 'another store';
  readonly tamper: (log: TamperedLog) => unknown;
  /** Each of these is named, and nothing else. */
  readonly found: readonly string[];
};

const change = (record: AuditRecord): AuditRecord => ({ ...record, facts: { occurrence: 'another' } });
const rehashed = (record: AuditRecord): AuditRecord => ({ ...record, hash: hashOfRecord(record) });
const removeFrom = async (log: TamperedLog, chain: string, from: number, to: number) => {
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
const onARecord = ({ chain, other, records }: TamperedPlace, age: string, seq: number): Tampering[] => [
  {
    what: `${age}: its facts edited`,
    tamper: async (log) => log.put(change(await log.at(chain, seq))),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: its facts edited and hashed anew`,
    tamper: async (log) => log.put(rehashed(change(await log.at(chain, seq)))),
    found: [`${chain} ${seq} forged`],
  },
  {
    what: `${age}: edited, and every hash behind it made anew`,
    tamper: (log) => log.rehash(chain, seq, change),
    found: replacedFrom(chain, seq, 'forged', records),
  },
  {
    what: `${age}: its time moved by a minute`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), at: '2026-11-20T12:34:56.000Z' }),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: its time no longer a time`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), at: 'yesterday' }),
    found: [`${chain} ${seq} malformed`],
  },
  {
    what: `${age}: a letter exchanged for one that looks the same`,
    tamper: async (log) => {
      const record = await log.at(chain, seq);
      return log.put({ ...record, requestId: record.requestId.replace('a', 'а') });
    },
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: a fact added that nothing shows`,
    tamper: async (log) => {
      const record = await log.at(chain, seq);
      return log.put({ ...record, facts: { ...record.facts, '\u200b': true } });
    },
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: an attribute added beside what is hashed`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), note: 'approved by the board' }),
    found: [`${chain} ${seq} replaced`],
  },
  {
    what: `${age}: its MAC taken from another record`,
    tamper: async (log) => {
      const { mac } = await log.at(other, seq);
      return log.put({ ...(await log.at(chain, seq)), mac });
    },
    found: [`${chain} ${seq} forged`],
  },
  {
    what: `${age}: its MAC empty`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), mac: '' }),
    found: [`${chain} ${seq} forged`],
  },
  {
    what: `${age}: its event another`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), event: 'denied' }),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: its event none that there is`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), event: 'forgiven' }),
    found: [`${chain} ${seq} malformed`],
  },
  {
    what: `${age}: its link to the record before another`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq)), previousHash: FIRST_PREVIOUS_HASH }),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: no record any more`,
    tamper: (log) => log.put({ chain: chain, seq, note: 'nothing to see' }),
    found: [`${chain} ${seq} malformed`],
  },
  {
    what: `${age}: removed`,
    tamper: (log) => log.remove(chain, seq),
    found: [`${chain} ${seq} missing`],
  },
  {
    what: `${age}: the other chain's record of the same place`,
    tamper: async (log) => log.put({ ...(await log.at(other, seq)), chain: chain }),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: the record before it once more`,
    tamper: async (log) => log.put({ ...(await log.at(chain, seq - 1)), seq }),
    found: [`${chain} ${seq} altered`],
  },
  {
    what: `${age}: exchanged with the one before`,
    tamper: async (log) => {
      const [first, second] = [await log.at(chain, seq - 1), await log.at(chain, seq)];
      await log.put({ ...first, seq });
      await log.put({ ...second, seq: seq - 1 });
    },
    found: [`${chain} ${seq - 1} altered`, `${chain} ${seq} replaced`],
  },
  {
    what: `${age}: removed, and those behind moved up and hashed anew`,
    tamper: async (log) => {
      const later = await Promise.all(
        Array.from({ length: records - seq }, (_, index) => log.at(chain, seq + index + 1)),
      );
      await log.remove(chain, records);
      for (const record of later) await log.put({ ...record, seq: record.seq - 1 });
      await log.rehash(chain, seq, (record) => record);
    },
    found: [...replacedFrom(chain, seq, 'forged', records - 1), `${chain} ${records} cut`],
  },
  {
    what: `${age}: one put in before it, and all behind moved down and hashed anew`,
    tamper: async (log) => {
      const later = await Promise.all(
        Array.from({ length: records - seq + 1 }, (_, index) => log.at(chain, seq + index)),
      );
      for (const record of later) await log.put({ ...record, seq: record.seq + 1 });
      const [first] = later;
      if (first) await log.put(change(first));
      await log.rehash(chain, seq, (record) => record);
    },
    found: [...replacedFrom(chain, seq, 'forged', records), `${chain} ${records + 1} unarchived`],
  },
];

/** The walk's finding at its first bad record, and the archive's at each behind it. */
function replacedFrom(chain: string, seq: number, first: string, last: number): string[] {
  return Array.from({ length: last - seq + 1 }, (_, index) =>
    index === 0 ? `${chain} ${seq} ${first}` : `${chain} ${seq + index} replaced`,
  );
}

/** Distinct things to do to a log; each has to be found. */
export function tamperingsOf(place: TamperedPlace): Tampering[] {
  const { chain, other, records, signed, heads, firstSigned } = place;
  const old = 2;
  const young = records - 1;
  return [
    ...onARecord(place, 'an old record', old),
    ...onARecord(place, 'a young record', young),
    {
      what: 'the tail cut below what was signed',
      tamper: (log) => removeFrom(log, chain, signed, records),
      found: [`${chain} ${signed} cut`],
    },
    {
      what: 'the tail cut behind what was signed',
      tamper: (log) => removeFrom(log, chain, signed + 1, records),
      found: [`${chain} ${signed + 1} cut`],
    },
    {
      what: 'the tail cut together with the heads that named it',
      needs: 'another store',
      tamper: async (log) => {
        await removeFrom(log, chain, 4, records);
        log.archive.destroy(keyOfHeads(heads));
      },
      found: [`${chain} 4 cut`, `heads ${heads} missing`],
    },
    {
      what: 'young records removed, and honest appends over them',
      needs: 'the writer',
      tamper: async (log) => {
        await removeFrom(log, chain, young, records);
        await log.append(chain, 'honest 1');
        await log.append(chain, 'honest 2');
      },
      found: [`${chain} ${young} replaced`, `${chain} ${young + 1} replaced`],
    },
    {
      what: 'a whole chain removed',
      tamper: (log) => removeFrom(log, chain, 1, records),
      found: [`${chain} 1 cut`],
    },
    {
      what: 'a chain removed that no heads were ever signed of',
      needs: 'the writer',
      tamper: async (log) => {
        await log.append('carl', '1');
        await log.remove('carl', 1);
      },
      found: ['carl 1 cut'],
    },
    {
      what: 'a whole chain hashed anew',
      tamper: (log) => log.rehash(chain, 1, change),
      found: replacedFrom(chain, 1, firstSigned === 1 ? 'rehashed' : 'forged', records),
    },
    {
      what: 'a chain made up',
      tamper: async (log) =>
        log.put(forgedAfter('carl', 1, FIRST_PREVIOUS_HASH, (await log.at(other, 1)).mac)),
      found: ['carl 1 forged'],
    },
    {
      what: 'a record forged at the end of a chain',
      tamper: async (log) => {
        const { hash, mac } = await log.at(chain, records);
        return log.put(forgedAfter(chain, records + 1, hash, mac));
      },
      found: [`${chain} ${records + 1} forged`],
    },
    {
      what: 'a record forged at the end, archived by the stream, and removed again',
      needs: 'the writer',
      tamper: async (log) => {
        const { hash, mac } = await log.at(chain, records);
        const forged = forgedAfter(chain, records + 1, hash, mac);
        await log.stream(forged);
        await log.append(chain, 'honest');
        assert.equal(log.complaints(), 1, 'the forged record was not named in the log');
        // The genuine record got its place in the archive: taking it back is found.
        await log.remove(chain, records + 1);
      },
      found: [`${chain} ${records + 1} cut`],
    },
    ...[0, -1, 2.5].map((seq) => ({
      what: `an item at place ${seq}`,
      tamper: async (log: TamperedLog) => log.put({ ...(await log.at(chain, old)), seq }),
      found: [`${chain} ${seq} stray`],
    })),
    {
      what: 'a genuine record that the archive never got',
      needs: 'another store',
      tamper: async (log) => {
        log.archive.destroy(keyOfRecord(chain, records));
        log.wait(16);
      },
      found: [`${chain} ${records} unarchived`],
    },
    {
      what: 'the archive: a record hidden by a delete marker',
      needs: 'the archive',
      tamper: (log) => log.archive.hide(keyOfRecord(chain, old)),
      found: [`archive ${keyOfRecord(chain, old)} deleted`],
    },
    {
      what: 'the archive: a record hidden, and removed from the table too',
      needs: 'the archive',
      tamper: async (log) => {
        await log.archive.hide(keyOfRecord(chain, records));
        await log.remove(chain, records);
      },
      found: [`${chain} ${records} cut`, `archive ${keyOfRecord(chain, records)} deleted`],
    },
    {
      what: 'the archive: another object put over a record',
      needs: 'the archive',
      tamper: async (log) =>
        log.archive.overwrite(keyOfRecord(chain, old), await log.archive.textOf(keyOfRecord(other, old))),
      found: [`archive ${keyOfRecord(chain, old)} overwritten`],
    },
    {
      what: 'the archive and the table: the same edit in both',
      needs: 'the archive',
      tamper: async (log) => {
        const edited = change(await log.at(chain, young));
        await log.put(edited);
        await log.archive.overwrite(keyOfRecord(chain, young), JSON.stringify({ chain: { S: chain } }));
      },
      found: [`${chain} ${young} altered`, `archive ${keyOfRecord(chain, young)} overwritten`],
    },
    {
      what: 'the archive: what stands at a place is no record',
      needs: 'another store',
      tamper: (log) => log.archive.alter(keyOfRecord(chain, old), () => 'not JSON'),
      found: [`archive ${keyOfRecord(chain, old)} unauthentic`, `${chain} ${old} unarchived`],
    },
    {
      what: 'the archive: a record that was never in the table, in a place of the future',
      needs: 'the archive',
      tamper: async (log) =>
        log.archive.overwrite(
          keyOfRecord(chain, records + 1),
          await log.archive.textOf(keyOfRecord(chain, records)),
        ),
      found: [`archive ${keyOfRecord(chain, records + 1)} unauthentic`],
    },
    {
      what: 'the archive: an object under a name that is no place',
      needs: 'the archive',
      tamper: (log) => log.archive.overwrite(`records/${chain}/1.json`, '{}'),
      found: [`archive records/${chain}/1.json unauthentic`],
    },
    ...[1, heads - 1, heads].map((number) => ({
      what: `signed heads ${number} gone without a trace`,
      needs: 'another store' as const,
      tamper: (log: TamperedLog) => {
        log.archive.destroy(keyOfHeads(number));
        log.wait(11);
      },
      found: [`heads ${number} missing`],
    })),
    {
      what: 'signed heads hidden by a delete marker',
      needs: 'the archive',
      tamper: (log) => log.archive.hide(keyOfHeads(heads - 1)),
      found: [`archive ${keyOfHeads(heads - 1)} deleted`],
    },
    {
      what: 'older heads, validly signed, in the place of newer ones',
      needs: 'another store',
      tamper: async (log) => {
        const older = await log.archive.textOf(keyOfHeads(1));
        log.archive.alter(keyOfHeads(heads), () => older);
      },
      found: [`heads ${heads} altered`],
    },
    {
      what: 'older heads put over newer ones',
      needs: 'the archive',
      tamper: async (log) =>
        log.archive.overwrite(keyOfHeads(heads), await log.archive.textOf(keyOfHeads(1))),
      found: [`archive ${keyOfHeads(heads)} overwritten`],
    },
    {
      what: 'signed heads that say something else than was signed',
      needs: 'another store',
      tamper: (log) => log.archive.alter(keyOfHeads(heads - 1), (text) => text.replace('"seq":3', '"seq":2')),
      found: [`heads ${heads - 1} altered`],
    },
    {
      what: 'a signature exchanged for another',
      needs: 'another store',
      tamper: async (log) => {
        const { signature } = JSON.parse(await log.archive.textOf(keyOfHeads(1)));
        log.archive.alter(keyOfHeads(heads - 1), (text) =>
          JSON.stringify({ ...JSON.parse(text), signature }),
        );
      },
      found: [`heads ${heads - 1} altered`],
    },
    {
      what: 'the announcement of the last heads removed with them',
      needs: 'another store',
      tamper: async (log) => {
        log.archive.destroy(keyOfHeads(heads));
        await log.remove('_heads', heads);
        log.wait(11);
      },
      found: [`_heads ${heads} cut`],
    },
  ];
}

type Verified = {
  readonly findings: readonly { readonly chain: string; readonly seq: number; readonly problem: string }[];
  readonly headsFindings: readonly { readonly number: number; readonly problem: string }[];
  readonly archiveFindings: readonly { readonly key: string; readonly problem: string }[];
};

/** What `audit verify` found, a line each. */
export function namesOf({ findings, headsFindings, archiveFindings }: Verified): string[] {
  return [
    ...findings.map(({ chain, seq, problem }) => `${chain} ${seq} ${problem}`),
    ...headsFindings.map(({ number, problem }) => `heads ${number} ${problem}`),
    ...archiveFindings.map(({ key, problem }) => `archive ${key} ${problem}`),
  ].sort();
}
