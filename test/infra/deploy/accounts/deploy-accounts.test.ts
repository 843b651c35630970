import { describe, expect, test } from 'vitest';
import type { AccountStack, Proposed } from '../../../../infra/deploy/accounts/account-stack.ts';
import { prepareAccounts } from '../../../../infra/deploy/accounts/deploy-accounts.ts';
import { type AccountPlan, planAccounts } from '../../../../infra/deploy/accounts/plan-accounts.ts';
import { removeAccounts } from '../../../../infra/deploy/accounts/remove-accounts.ts';
import { readRecord, recordOf } from '../../../../infra/recorded-accounts.ts';
import { catalogSchema } from '../../../../lambdas/shared/domain/catalog/catalog.ts';
import { expandAccounts } from '../../../../lambdas/shared/domain/catalog/expand-accounts.ts';
import { lineOf } from '../fake-account.ts';

const DATA = { id: '444455556666', name: 'data', deployRole: 'PosternDeploy' };
const LAB = { id: '777788889999', name: 'lab' };
const EMPTY = { id: '222233334444', name: 'empty', deployRole: 'Deploy' };

function catalogOf(accounts: object[], ids: string[]) {
  const orders = {
    ...{ key: 'orders', kind: 'dynamodb-table', purpose: 'Orders of the shop', sensitivity: 'internal' },
    arns: ['arn:aws:dynamodb:eu-central-1:${account}:table/orders'],
    ...{ accounts: ids, actions: { read: ['dynamodb:GetItem'] }, maxDurationSeconds: 900 },
  };
  const { catalog } = expandAccounts(catalogSchema.parse({ version: 1, accounts, resources: [orders] }));
  if (!catalog) throw new Error('the catalog is not sound');
  return catalog;
}
const catalog = catalogOf([DATA, LAB, EMPTY], [DATA.id, LAB.id]);

describe('what is to be done where', () => {
  const does = (recorded: { id: string; deployRole?: string }[], forgotten: string[] = []) =>
    planAccounts(catalog, recorded, forgotten).map(({ called, does: what }) => `${what} ${called}`);

  test('roles where the catalog has entries, and nothing in an account that never had any', () => {
    expect(does([])).toEqual(['deploy data (444455556666)', 'deploy lab (777788889999)']);
  });
  test('none any more where it has none, listed or not', () => {
    expect(does([{ id: EMPTY.id }, { id: '999999999999', deployRole: 'Old' }])).toEqual([
      ...does([]),
      'remove empty (222233334444)',
      'remove 999999999999',
    ]);
  });
  test('and what is forgotten is let be, but never where the catalog has entries', () => {
    expect(does([{ id: EMPTY.id }], [EMPTY.id, DATA.id])).toEqual(does([]));
  });
});

test('the stack says where roles are, and what is left of earlier, in a form that is read back', () => {
  const left = [{ id: '999999999999', deployRole: 'path/Old' }, { id: DATA.id }];
  const record = recordOf(catalog, left);
  expect(record).toBe('444455556666=PosternDeploy 777788889999 999999999999=path/Old');
  expect(readRecord(record)).toEqual([
    { id: DATA.id, deployRole: 'PosternDeploy' },
    { id: LAB.id },
    { id: '999999999999', deployRole: 'path/Old' },
  ]);
  expect([readRecord(''), readRecord('no account')]).toEqual([[], []]);
});

type Fake = Partial<AccountStack> & { cannotAssume?: true };

/** Accounts as they behave, by id; what was done in them, and told. */
function world(fakes: Record<string, Fake>, template = '{}') {
  const done: string[] = [];
  const told: string[] = [];
  const open = async ({ id }: { id: string }): Promise<AccountStack> => {
    const fake = fakes[id] ?? {};
    if (fake.cannotAssume) throw new Error('arn:aws:iam::1:role/R cannot be assumed (AccessDenied)');
    return {
      isThere: async () => true,
      propose: async () => ({ id, changes: [{ action: 'Add', type: 'AWS::IAM::Role', name: 'R' }] }),
      execute: async () => void done.push(`executed ${id}`),
      discard: async () => void done.push(`discarded ${id}`),
      remove: async () => {
        done.push(`removed ${id}`);
        return true;
      },
      ...fake,
    };
  };
  return { done, told, ports: { open, templateOf: () => template, tell: (line: string) => told.push(line) } };
}

const plan = (id: string, does: AccountPlan['does'] = 'deploy', deployRole: string | undefined = 'R') => ({
  ...{ id, does, called: `a${id[0]} (${id})` },
  deployRole,
});
const [A, B, C] = ['111111111111', '222222222222', '333333333333'];

describe('a deployment over accounts', () => {
  test('shows what would change before it changes anything, and then says each outcome', async () => {
    const { done, told, ports } = world({ [B]: { propose: async () => undefined } });
    const prepared = await prepareAccounts([plan(A), plan(B), plan(C, 'remove')], ports);
    expect([done, told]).toEqual([
      [],
      [`account a1 (${A}): Add AWS::IAM::Role R`, `account a3 (${C}): its roles are removed`],
    ]);
    expect(await prepared.carryOut()).toEqual([]);
    expect(done).toEqual([`executed ${A}`, `removed ${C}`]);
    expect(told.slice(2)).toEqual([
      `account a1 (${A}): deployed`,
      `account a2 (${B}): nothing changes`,
      `account a3 (${C}): its roles are removed`,
    ]);
  });

  test('that fails in some is finished in the others, and names those', async () => {
    const { done, told, ports } = world({
      [A]: { cannotAssume: true },
      [B]: {
        execute: async () => {
          throw new Error('the stack is ROLLBACK_COMPLETE');
        },
      },
    });
    const prepared = await prepareAccounts([plan(A), plan(B), plan(C)], ports);
    expect(await prepared.carryOut()).toEqual([`a1 (${A})`, `a2 (${B})`]);
    expect(done).toEqual([`executed ${C}`]);
    expect(told).toContain(
      `account a1 (${A}): FAILED: arn:aws:iam::1:role/R cannot be assumed (AccessDenied)`,
    );
    expect(told).toContain(`account a2 (${B}): FAILED: the stack is ROLLBACK_COMPLETE`);
  });

  test('that is not agreed to leaves nothing behind', async () => {
    const { done, ports } = world({});
    await (await prepareAccounts([plan(A), plan(B, 'remove')], ports)).discard();
    expect(done).toEqual([`discarded ${A}`]);
  });

  test.each<[string, Proposed['changes'], boolean]>([
    ['adds', [{ action: 'Add', type: 'AWS::IAM::Role', name: 'R' }], true],
    ['changes', [{ action: 'Modify', type: 'AWS::IAM::ManagedPolicy', name: 'P' }], true],
    ['only removes', [{ action: 'Remove', type: 'AWS::IAM::Role', name: 'R' }], false],
  ])('that %s roles widens: %#', async (_, changes, expected) => {
    const { ports } = world({ [A]: { propose: async () => ({ id: A, changes }) } });
    expect((await prepareAccounts([plan(A)], ports)).widens).toBe(expected);
  });

  test('leaves to its administrator what it has no role for, and a template that is too large', async () => {
    const { told, ports } = world({}, 'x'.repeat(51_201));
    const prepared = await prepareAccounts([{ ...plan(A), deployRole: undefined }, plan(B)], ports);
    expect(await prepared.carryOut()).toEqual([`a2 (${B})`]);
    expect(told[0]).toContain(`npm run synth:member -- ${A} writes what its administrator deploys there`);
    expect(told[1]).toContain('its template has 51201 bytes, and CloudFormation takes 51200');
  });

  test('keeps an account in mind until it is seen to have no roles', async () => {
    const removals = [
      plan(A, 'remove'),
      plan(B, 'remove'),
      plan(C, 'remove'),
      { ...plan('444444444444', 'remove'), deployRole: undefined },
    ];
    const { ports } = world({ [B]: { isThere: async () => false }, [C]: { cannotAssume: true } });
    const { left } = await prepareAccounts(removals, ports);
    expect(left.map(({ id }) => id)).toEqual([A, C, '444444444444']);
  });
});

test('a teardown goes through all accounts, and stops where roles are left', async () => {
  const { done, told, ports } = world({ [A]: { cannotAssume: true } });
  const accounts = [{ id: A, deployRole: 'R' }, { id: B, deployRole: 'R' }, { id: C }];
  expect(await lineOf(removeAccounts(accounts, ports))).toContain(`roles are left in ${A}, and nothing here`);
  expect(done).toEqual([`removed ${B}`]);
  expect(told[0]).toContain('LEFT: arn:aws:iam::1:role/R cannot be assumed');
  await removeAccounts([{ id: B, deployRole: 'R' }], ports);
});

test('an account that no run could go to is named by a teardown, and stops nothing', async () => {
  const { done, told, ports } = world({});
  await removeAccounts([{ id: C }, { id: B, deployRole: 'R' }], ports);
  expect(done).toEqual([`removed ${B}`]);
  expect(told[0]).toBe(
    `account ${C}: it has no deployRole: its administrator deletes the stack PosternMember there`,
  );
});
