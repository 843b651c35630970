import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePoliciesTable } from '../../../lambdas/shared/adapters/tables/policies-table.ts';
import { makePrincipalsTable } from '../../../lambdas/shared/adapters/tables/principals-table.ts';
import { ofBank } from '../../support/bank.ts';
import { startTables } from '../../support/start-tables.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables(['principals', 'policies']);
});
afterAll(() => tables.close());

const principal = (version: number) => ({ ...ofBank('analyst1'), version });

describe('a row that is written over the version it was based on', () => {
  test('is new where that is 0, and once only', async () => {
    const principals = makePrincipalsTable({ client: tables.client, tableName: 'principals' });
    expect(await principals.write(principal(1), 0)).toBe(true);
    expect(await principals.write({ ...principal(1), status: 'suspended' }, 0)).toBe(false);
    expect((await principals.get('analyst1'))?.status).toBe('active');
  });

  test('is not written where there is none, or another version', async () => {
    const principals = makePrincipalsTable({ client: tables.client, tableName: 'principals' });
    const stranger = { ...principal(2), id: 'stranger' };
    expect(await principals.write(stranger, 1)).toBe(false);
    expect(await principals.get('stranger')).toBeUndefined();
    expect(await principals.write(stranger, 0)).toBe(true);
    for (const base of [0, 1, 3])
      expect(await principals.write({ ...stranger, version: 9 }, base)).toBe(false);
    expect(await principals.write({ ...stranger, version: 3 }, 2)).toBe(true);
    expect((await principals.get('stranger'))?.version).toBe(3);
  });

  test('of two at once over the same version one is written', async () => {
    const policies = makePoliciesTable({ client: tables.client, tableName: 'policies' });
    const write = (text: string, base: number) =>
      policies.write({ principalId: 'analyst1', text, version: base + 1 }, base);
    for (const base of [0, 1]) {
      const written = await Promise.all([write('one', base), write('another', base)]);
      expect([base, written.filter(Boolean).length]).toEqual([base, 1]);
    }
  });
});
