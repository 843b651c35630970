import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCallbacksTable } from '../../../lambdas/shared/adapters/tables/callbacks-table.ts';
import { REQUEST_ID } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let callbacks: ReturnType<typeof makeCallbacksTable>;
beforeAll(async () => {
  tables = await startTables(['callbacks']);
  callbacks = makeCallbacksTable({ client: tables.client, tableName: 'callbacks' });
});
afterAll(() => tables.close());

let id = 0;
let requestId = REQUEST_ID;
beforeEach(() => {
  id += 1;
  requestId = REQUEST_ID.slice(0, -2) + String(id).padStart(2, '0');
});

const AT = new Date('2026-11-20T22:00:00.000Z');
const token = { taskToken: 'the-first', ttl: 1_900_000_000 };
const newer = { taskToken: 'the-second', ttl: 1_900_000_000 };

test('a token is there until it is settled; then what became of it is', async () => {
  expect(await callbacks.getToken(requestId)).toBeUndefined();
  await callbacks.putToken(requestId, token);
  expect(await callbacks.getToken(requestId)).toEqual(token);
  expect(await callbacks.viewOf(requestId)).toEqual({ status: 'awaited' });
  await callbacks.settle(requestId, token, 'delivered', AT);
  expect(await callbacks.getToken(requestId)).toBeUndefined();
  expect(await callbacks.viewOf(requestId)).toEqual({ status: 'delivered', at: AT.toISOString() });
});

test('a newer token replaces the older, and outlives its settling', async () => {
  await callbacks.putToken(requestId, token);
  await callbacks.putToken(requestId, newer);
  await callbacks.settle(requestId, token, 'gone', AT);
  expect(await callbacks.getToken(requestId)).toEqual(newer);
  await callbacks.settle(requestId, newer, 'delivered', AT);
  expect(await callbacks.viewOf(requestId)).toMatchObject({ status: 'delivered' });
});

test('of two deliveries of one token, in whatever order they end, that it was told is kept', async () => {
  await callbacks.putToken(requestId, token);
  await callbacks.settle(requestId, token, 'delivered', AT);
  await callbacks.settle(requestId, token, 'gone', AT);
  expect(await callbacks.viewOf(requestId)).toMatchObject({ status: 'delivered' });
});
