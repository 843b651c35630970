import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sayVerdict } from '../../../clients/audit/say-verdict.ts';
import { isIntact, verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { keyOfHeads, keyOfRecord } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import { FIRST_PREVIOUS_HASH, hashOfRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { verifyChain } from '../../../lambdas/shared/domain/audit/verify-chain.ts';
import { REQUEST_ID } from '../../support/example-state.ts';
import { startWrittenLog, type WrittenLog } from './support/written-log.ts';

const RECORDS = 8;
const SIGNED = 5;
/** Records of each of two writers. */
const EACH = process.env.POSTERN_DEEP ? 200 : 50;

let log: WrittenLog;
let putBack: () => Promise<void>;
/** One chain that is tampered with, and one that nobody touches. */
beforeAll(async () => {
  log = await startWrittenLog();
  for (let n = 1; n <= RECORDS; n++) {
    await log.append('anna', String(n));
    await log.append('bert', String(n));
    if (n === SIGNED) await log.sign('anna', 'bert');
  }
  putBack = await log.keep();
  return () => log.close();
});
afterEach(() => putBack());

/** What verifying finds; always of the one chain alone. */
async function found() {
  const verdict = await verifyAudit(log.ports);
  expect(isIntact(verdict)).toBe(verdict.findings.length === 0 && verdict.badHeads === undefined);
  return verdict.findings.map(({ chain, seq, problem }) => `${chain} ${seq} ${problem}`);
}

test('a log as it was written is found good, and nothing is found in it', async () => {
  const verdict = await verifyAudit(log.ports);
  expect(verdict).toMatchObject({ chains: 2, records: 2 * RECORDS, signedHeads: 1, findings: [] });
  expect(isIntact(verdict)).toBe(true);
  expect(sayVerdict(verdict).at(-1)).toBe('The audit log is as it was written.');
});

describe.each([2, SIGNED, RECORDS])('record %i', (seq) => {
  test('edited', async () => {
    const record = await log.at('anna', seq);
    await log.put({ ...record, facts: { ...record.facts, occurrence: 'another' } });
    expect(await found()).toEqual([`anna ${seq} altered`]);
  });

  test.each(['at', 'event', 'requestId', 'eventId', 'previousHash', 'hash', 'mac'] as const)(
    'edited in its %s',
    async (field) => {
      const other = await log.at('anna', seq - 1);
      await log.put({
        ...(await log.at('anna', seq)),
        [field]: field === 'event' ? 'denied' : `${other[field]}0`,
      });
      expect(await found()).toHaveLength(1);
    },
  );

  test('edited and hashed anew', async () => {
    const changed = { ...(await log.at('anna', seq)), facts: { occurrence: 'another' } };
    await log.put({ ...changed, hash: hashOfRecord(changed) });
    expect(await found()).toEqual([`anna ${seq} ${seq === SIGNED ? 'rehashed' : 'forged'}`]);
  });

  test('is not a record any more', async () => {
    await log.put({ chain: 'anna', seq, note: 'nothing to see' });
    expect(await found()).toEqual([`anna ${seq} malformed`]);
  });

  test('taken from another chain', async () => {
    await log.put({ ...(await log.at('bert', seq)), chain: 'anna' });
    expect(await found()).toEqual([`anna ${seq} altered`]);
  });
});

test.each([1, 2, SIGNED])('record %i removed', async (seq) => {
  await log.remove('anna', seq);
  expect(await found()).toEqual([`anna ${seq} missing`]);
});

test('two records in each other’s place', async () => {
  const [third, fourth] = [await log.at('anna', 3), await log.at('anna', 4)];
  await log.put({ ...third, seq: 4 });
  await log.put({ ...fourth, seq: 3 });
  expect(await found()).toEqual(['anna 3 altered']);
});

test('two records in each other’s place, hashed and linked anew', async () => {
  const [third, fourth] = [await log.at('anna', 3), await log.at('anna', 4)];
  await log.put({ ...third, seq: 4 });
  await log.rehash('anna', 3, () => ({ ...fourth, seq: 3 }));
  expect(await found()).toEqual(['anna 3 forged']);
});

describe('forged', () => {
  const forged = async (chain: string, seq: number, previousHash: string) => {
    const record = {
      chain,
      seq,
      eventId: `${REQUEST_ID}#issued#1`,
      requestId: REQUEST_ID,
      event: 'issued' as const,
      at: '2026-11-20T12:00:00.000Z',
      facts: {},
      previousHash,
    };
    const { mac } = await log.at('bert', 1);
    return log.put({ ...record, hash: hashOfRecord(record), mac });
  };

  test('at the end of a chain, hashed and linked as it should be', async () => {
    await forged('anna', RECORDS + 1, (await log.at('anna', RECORDS)).hash);
    expect(await found()).toEqual([`anna ${RECORDS + 1} forged`]);
  });

  test('as a chain of its own', async () => {
    await forged('carl', 1, FIRST_PREVIOUS_HASH);
    expect(await found()).toEqual(['carl 1 forged']);
  });
});

describe('the tail cut', () => {
  test('below what was signed', async () => {
    for (let seq = SIGNED; seq <= RECORDS; seq++) await log.remove('anna', seq);
    expect(await found()).toEqual([`anna ${SIGNED} cut`]);
  });

  test('by the whole chain', async () => {
    for (let seq = 1; seq <= RECORDS; seq++) await log.remove('anna', seq);
    expect(await found()).toEqual(['anna 1 cut']);
  });

  test('behind what was signed: the archive has it', async () => {
    for (let seq = 1; seq <= RECORDS; seq++) log.objects.set(keyOfRecord('anna', seq), '{}');
    await log.remove('anna', RECORDS);
    expect(await found()).toEqual([`anna ${RECORDS} cut`]);
  });
});

describe('a whole chain hashed anew', () => {
  const change = <T extends object>(record: T) => ({ ...record, facts: { occurrence: 'another' } });

  test('is found at its first record', async () => {
    await log.rehash('anna', 1, change);
    expect(await found()).toEqual(['anna 1 forged']);
  });

  test('is found by what was signed, even where MACs could be made', async () => {
    await log.rehash('anna', 1, change);
    const verdict = await verifyAudit({ ...log.ports, isGenuine: async () => true });
    expect(verdict.findings).toMatchObject([{ chain: 'anna', seq: SIGNED, problem: 'rehashed' }]);
  });

  test('is not signed: whoever signs finds it first, and signs the others', async () => {
    await log.rehash('anna', 1, change);
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
    expect(log.logged).toMatchObject([{ chain: 'anna', seq: SIGNED, problem: 'rehashed' }]);
    expect(JSON.parse(log.objects.get(keyOfHeads(2)) ?? '').heads.heads).toMatchObject([
      { chain: 'anna', seq: SIGNED },
      { chain: 'bert', seq: RECORDS },
    ]);
  });
});

describe('signed heads', () => {
  const alter = (number: number, change: (text: string) => string) =>
    log.objects.set(keyOfHeads(number), change(log.objects.get(keyOfHeads(number)) ?? ''));

  beforeEach(async () => {
    await log.sign('anna', 'bert');
    await log.append('anna', 'later');
    await log.sign('anna', 'bert');
  });

  test('are three, and good', async () => {
    expect(await verifyAudit(log.ports)).toMatchObject({ signedHeads: 3, findings: [] });
  });

  test('that say something else than was signed', async () => {
    alter(2, (text) => text.replace('"seq":8', '"seq":7'));
    expect(await verifyAudit(log.ports)).toMatchObject({ badHeads: 2, signedHeads: 1 });
  });

  test('that stand in for others', async () => {
    alter(3, () => log.objects.get(keyOfHeads(1)) ?? '');
    const verdict = await verifyAudit(log.ports);
    expect(verdict.badHeads).toBe(3);
    expect(sayVerdict(verdict)[0]).toBe('BAD   signed heads 3: not what was signed');
  });

  test('are not written anew where nothing was appended', async () => {
    expect(await log.sign('anna', 'bert')).toEqual({ signed: 0, chains: 2 });
    expect(log.objects.has(keyOfHeads(4))).toBe(false);
  });
});

describe(`two writers at once, ${EACH} records each`, () => {
  let busy: WrittenLog;
  beforeAll(async () => {
    busy = await startWrittenLog();
    await Promise.all(
      [busy.writer(), busy.writer()].map(async (writer, w) => {
        for (let n = 0; n < EACH; n++) {
          const facts = { writer: w, n };
          await writer.append({
            chain: 'anna',
            requestId: REQUEST_ID,
            event: 'voted',
            occurrence: `${w}-${n}`,
            facts,
          });
        }
      }),
    );
  }, 60_000);
  afterAll(() => busy.close());

  test('all land, each writer’s in its order, and nothing is found', async () => {
    const verdict = await verifyAudit(busy.ports);
    expect(verdict).toMatchObject({ records: 2 * EACH, findings: [] });
    const order = new Map<number, number[]>([
      [0, []],
      [1, []],
    ]);
    for (let seq = 1; seq <= 2 * EACH; seq++) {
      const { facts } = await busy.at('anna', seq);
      order.get(Number(facts.writer))?.push(Number(facts.n));
    }
    const counted = Array.from({ length: EACH }, (_, n) => n);
    expect([...order.values()]).toEqual([counted, counted]);
  });
});

test('a chain with more signed heads than a call has room for arguments is walked like any other', async () => {
  const heads = new Map(Array.from({ length: 1_000_000 }, (_, at) => [at + 1, 'sha256:0']));
  const { finding } = await verifyChain({ chain: 'anna', items: [], heads }, async () => true);
  expect(finding).toEqual({ chain: 'anna', seq: 1, problem: 'cut' });
});
