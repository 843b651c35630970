import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { makeArchiveAudit } from '../../../lambdas/events/archive-audit/archive-audit.ts';
import { readImage } from '../../../lambdas/shared/adapters/tables/read-image.ts';
import { keyOfRecord } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import {
  type AuditRecord,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { canonicalJson } from '../../../lambdas/shared/domain/digest.ts';
import { REQUEST_ID } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';

async function recordAt(seq: number, facts: Record<string, unknown> = {}): Promise<AuditRecord> {
  const unsigned = {
    chain: 'employee1',
    seq,
    eventId: `${REQUEST_ID}#voted#${seq}`,
    requestId: REQUEST_ID,
    event: 'voted' as const,
    at: '2026-11-20T12:00:00.000Z',
    facts,
    previousHash: FIRST_PREVIOUS_HASH,
  };
  const hash = hashOfRecord(unsigned);
  return { ...unsigned, hash, mac: await testMacs.make(hash) };
}

const inserted = (item: object) => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: `at-${(item as { seq?: number }).seq}`, NewImage: marshall(item) },
});
const appended = async (seq: number) => inserted(await recordAt(seq));

function archiving(failsOn?: string) {
  const objects = new Map<string, string>();
  const errors: [string, Record<string, unknown>][] = [];
  let alterations = 0;
  const handle = makeArchiveAudit({
    archive: {
      get: async (key) => objects.get(key),
      async putOnce(key, body) {
        if (failsOn && key.endsWith(failsOn)) throw new Error('archive bucket: 503');
        if (objects.has(key)) return false;
        objects.set(key, body);
        return true;
      },
    },
    readImage,
    isGenuine: testMacs.verify,
    log: { error: (message, facts) => errors.push([message, facts]) },
    emit: (measurements) => {
      alterations += measurements.filter(({ name }) => name === 'AuditAlterations').length;
    },
  });
  return { handle, objects, errors, alterations: () => alterations };
}

test('each record is an object of its own, canonical, under a key that lists in order', async () => {
  const { handle, objects } = archiving();
  const records = [await appended(2), await appended(10)];
  expect(await handle({ Records: records })).toEqual({ batchItemFailures: [] });
  expect([...objects]).toEqual([
    ['records/employee1/000000000002.json', canonicalJson(records[0]?.dynamodb.NewImage)],
    ['records/employee1/000000000010.json', canonicalJson(records[1]?.dynamodb.NewImage)],
  ]);
});

test('a record that comes twice is archived once, and nothing is said of it', async () => {
  const { handle, objects, alterations } = archiving();
  await handle({ Records: [await appended(2), await appended(2)] });
  expect([objects.size, alterations()]).toEqual([1, 0]);
});

test('a failure stops there, so that nothing behind it is archived before it', async () => {
  const { handle, objects } = archiving('03.json');
  const answer = await handle({ Records: [await appended(2), await appended(3), await appended(4)] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at-3' }] });
  expect([...objects.keys()]).toEqual(['records/employee1/000000000002.json']);
});

test.each(['MODIFY', 'REMOVE'])('%s is never archived, and is called an alteration', async (eventName) => {
  const { handle, objects, errors, alterations } = archiving();
  const Keys = { chain: { S: 'employee1' }, seq: { N: '5' } };
  const change = { eventName, dynamodb: { SequenceNumber: '1', Keys } };
  expect(await handle({ Records: [change] })).toEqual({ batchItemFailures: [] });
  expect(objects.size).toBe(0);
  expect(errors).toEqual([['audit record altered', { change: eventName, keys: Keys }]]);
  expect(alterations()).toBe(1);
});

test.each([
  ['without the broker’s MAC', async () => ({ ...(await recordAt(5)), mac: 'forged' })],
  ['edited after it was hashed', async () => ({ ...(await recordAt(5)), facts: { note: 'edited' } })],
  ['that is no record at all', async () => ({ chain: 'employee1', seq: 5, note: 'nothing to see' })],
  ['at a place that no record can have', async () => ({ ...(await recordAt(5)), seq: -1 })],
  ['of a chain that leads out of its folder', async () => ({ ...(await recordAt(5)), chain: '../heads' })],
])(
  'an item %s takes no record’s place: it is kept apart, and the genuine one is archived',
  async (_, item) => {
    const { handle, objects, errors, alterations } = archiving();
    await handle({ Records: [inserted(await item()), await appended(5)] });
    expect([...objects.keys()]).toEqual([
      expect.stringMatching(/^unauthentic\/[0-9a-f]{64}\.json$/),
      keyOfRecord('employee1', 5),
    ]);
    expect(errors).toMatchObject([['audit record not authentic', {}]]);
    expect(alterations()).toBe(1);
  },
);

test('a genuine record whose place was taken by another is kept apart, and called an alteration', async () => {
  const { handle, objects, errors, alterations } = archiving();
  const other = inserted(await recordAt(5, { note: 'honest, over one that was removed' }));
  await handle({ Records: [await appended(5), other] });
  expect(objects.get(keyOfRecord('employee1', 5))).toBe(canonicalJson((await appended(5)).dynamodb.NewImage));
  expect([...objects.keys()][1]).toMatch(/^displaced\//);
  expect(errors).toMatchObject([
    ['audit record differs from the archived one', { chain: 'employee1', seq: 5 }],
  ]);
  expect(alterations()).toBe(1);
});

test('an event of another kind is refused as a whole', async () => {
  await expect(archiving().handle({ detail: {} })).rejects.toThrow();
});
