import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { clock, grantedState, REQUEST_ID, rowOf } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let requests: ReturnType<typeof makeRequestsTable>;
beforeAll(async () => {
  tables = await startTables(['requests']);
  requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
});
afterAll(() => tables.close());

let id = 0;
let requestId = REQUEST_ID;
beforeEach(async () => {
  id += 1;
  requestId = REQUEST_ID.slice(0, -2) + String(id).padStart(2, '0');
  await requests.create({ ...rowOf(grantedState()), requestId });
});

test('a second create changes nothing', async () => {
  expect(await requests.create({ ...rowOf(grantedState(), { reason: 'another reason' }), requestId })).toBe(
    false,
  );
  expect((await requests.get(requestId))?.reason).not.toBe('another reason');
});

test('a transition from another status is not made', async () => {
  expect(await requests.transition(requestId, { from: ['READY'], set: { status: 'ISSUED' } })).toBe(false);
  expect((await requests.get(requestId))?.status).toBe('PENDING');
});

test('of two claims at once one is written', async () => {
  await requests.transition(requestId, { from: ['PENDING'], set: { status: 'READY', claimToken: 'token' } });
  const claim = (x: string) =>
    requests.transition(requestId, {
      from: ['READY'],
      onlyIf: { absent: ['claim'] },
      set: {
        claim: {
          thumbprint: x,
          recipientKey: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) },
          claimedAt: clock().toISOString(),
        },
      },
    });
  expect((await Promise.all([claim('one'), claim('two')])).filter(Boolean)).toHaveLength(1);
});

test('a row that never was is not made by a transition', async () => {
  const nobody = `${REQUEST_ID.slice(0, -2)}ZZ`;
  expect(await requests.transition(nobody, { from: ['PENDING'], set: { status: 'FAILED' } })).toBe(false);
  expect(await requests.get(nobody)).toBeUndefined();
});

test('closing takes the token and the place in the sweep away, and counts the write', async () => {
  await requests.transition(requestId, { from: ['PENDING'], set: { status: 'READY', claimToken: 'token' } });
  await requests.transition(requestId, {
    from: ['READY'],
    set: { status: 'EXPIRED', closedBecause: 'unclaimed' },
  });
  const row = await requests.get(requestId);
  expect(row).toMatchObject({ status: 'EXPIRED', version: 3 });
  expect(row).not.toHaveProperty('claimToken');
  expect(row).not.toHaveProperty('open');
});

test('a cancelled row stays in the sweep until its record is written', async () => {
  await requests.transition(requestId, { from: ['PENDING'], set: { status: 'CANCELLED' } });
  expect((await requests.get(requestId))?.open).toBe('open');
});
