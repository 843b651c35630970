import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sayVerdict } from '../../../clients/audit/say-verdict.ts';
import { verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { keyOfHeads } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
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

describe('a whole chain hashed anew', () => {
  const change = <T extends object>(record: T) => ({ ...record, facts: { occurrence: 'another' } });

  test('is found by what was signed, even where MACs could be made', async () => {
    await log.rehash('anna', 1, change);
    const verdict = await verifyAudit({ ...log.ports, isGenuine: async () => true });
    expect(verdict.findings).toContainEqual(
      expect.objectContaining({ chain: 'anna', seq: SIGNED, problem: 'rehashed' }),
    );
  });

  test('is not signed: whoever signs finds it first, and signs the others', async () => {
    await log.rehash('anna', 1, change);
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
    expect(log.logged).toMatchObject([{ chain: 'anna', seq: SIGNED, problem: 'rehashed' }]);
    expect(JSON.parse(log.archive.textOf(keyOfHeads(2))).heads.heads).toMatchObject([
      { chain: '_heads', seq: 2 },
      { chain: 'anna', seq: SIGNED },
      { chain: 'bert', seq: RECORDS },
    ]);
  });
});

describe('signed heads', () => {
  test('are not written anew where nothing was appended', async () => {
    await log.sign('anna', 'bert');
    expect(await log.sign('anna', 'bert')).toEqual({ signed: 0, chains: 3 });
    expect(log.archive.textOf(keyOfHeads(3))).toBe('');
  });

  test('that were announced and never archived are signed under the same number', async () => {
    await log.sign('anna', 'bert');
    log.archive.destroy(keyOfHeads(2));
    await log.append('anna', 'later');
    expect(await log.sign('anna', 'bert')).toEqual({ signed: 2, chains: 3 });
    expect(await verifyAudit(log.ports)).toMatchObject({ signedHeads: 2, headsFindings: [] });
  });

  test('are not signed over a gap: the heads before are gone', async () => {
    await log.sign('anna', 'bert');
    log.archive.destroy(keyOfHeads(1));
    log.archive.destroy(keyOfHeads(2));
    await log.append('anna', 'later');
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
  });

  test('are not signed behind an announcement that is not the broker’s', async () => {
    await log.put({ ...(await log.at('_heads', 1)), seq: 2, facts: { number: 900 } });
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
  });

  test('are not begun anew where their announcements are gone', async () => {
    await log.remove('_heads', 1);
    await expect(log.sign('anna', 'bert')).rejects.toMatchObject({ name: 'AuditTampered' });
  });

  test('of which one is bad are said in a line', async () => {
    log.archive.alter(keyOfHeads(1), (text) => text.replace('"seq":5', '"seq":4'));
    expect(sayVerdict(await verifyAudit(log.ports))[0]).toBe('BAD   signed heads 1: not what was signed');
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
  const heads = new Map(Array.from({ length: 1_000_000 }, (_, index) => [index + 1, 'sha256:0']));
  const { finding } = await verifyChain({ chain: 'anna', items: [], heads }, async () => true);
  expect(finding).toEqual({ chain: 'anna', seq: 1, problem: 'cut' });
});
