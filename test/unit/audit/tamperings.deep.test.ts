import { afterEach, beforeAll, expect, test } from 'vitest';
import { isIntact, verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { keyOfRecord } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { namesOf, tamperingsOf } from '../../support/audit/tamperings.ts';
import { startWrittenLog, type WrittenLog } from './support/written-log.ts';

/** Records of each chain; up to SIGNED they are under signed heads, and those behind are younger than the last. */
const RECORDS = 8;
const SIGNED = 5;
const OLD = 2;

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

const tamperings = tamperingsOf({
  chain: 'anna',
  other: 'bert',
  records: RECORDS,
  signed: SIGNED,
  heads: 3,
  firstSigned: 1,
});

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
  expect(namesOf(late)).toEqual([...found].sort());
  expect(isIntact(late)).toBe(false);
  for (const finding of namesOf(early)) expect(found).toContain(finding);
});

test('a genuine record is never written over: the digest of the archived one is what stays', async () => {
  const before = digestOf(log.archive.textOf(keyOfRecord('anna', OLD)));
  await log.put({ ...(await log.at('anna', OLD)), facts: { occurrence: 'another' } });
  await log.stream(await log.at('anna', OLD));
  expect(digestOf(log.archive.textOf(keyOfRecord('anna', OLD)))).toBe(before);
  expect(log.archive.keys().filter((key) => key.startsWith('unauthentic/'))).toHaveLength(1);
});
