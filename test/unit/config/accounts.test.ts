import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { catalogViewOf } from '../../../lambdas/list-catalog/catalog-view.ts';
import { promptOf } from '../../../lambdas/review-request/prompt.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import type { AccessRequest } from '../../../lambdas/shared/domain/access-request.ts';
import { brokeredRoleArn } from '../../../lambdas/shared/domain/brokered/brokered-role.ts';
import { divideCatalog } from '../../../lambdas/shared/domain/brokered/catalog-parts.ts';
import { catalogSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { expandAccounts } from '../../../lambdas/shared/domain/catalog/expand-accounts.ts';
import { resolveArns } from '../../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import { principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import type { Loaded } from '../../../lambdas/shared/domain/workflow-state.ts';

const HOME = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const DATA = { id: '444455556666', name: 'data', unit: 'workloads/prod' };
const LAB = { id: '777788889999', name: 'lab', unit: 'workloads/lab' };
const EU = { id: '222233334444', name: 'eu', unit: 'workloads/prod/eu' };
const table = (more: object = {}) => ({
  key: 'orders',
  kind: 'dynamodb-table',
  arns: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${account}:table/orders'],
  purpose: 'Orders of the shop, one row an order',
  sensitivity: 'internal',
  actions: { read: ['dynamodb:GetItem'] },
  maxDurationSeconds: 900,
  ...more,
});
const expand = (accounts: object[], ...resources: object[]) =>
  expandAccounts(catalogSchema.parse({ version: 1, accounts, resources }));
const keysOf = (accounts: object[], ...resources: object[]) =>
  expand(accounts, ...resources).catalog?.resources.map(({ key, arns, account }) => [key, arns[0], account]);

/** The repository's configuration with accounts and an entry more, and guardrails behind the others. */
function folderWith(accounts: object[], resources: object[], guardrails = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-accounts-'));
  folders.push(folder);
  cpSync('config', folder, { recursive: true });
  const file = join(folder, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8'));
  // Without the demo's own other account, and what is in it.
  const own = catalog.resources.filter((entry: { accounts?: string[] }) => !entry.accounts);
  writeFileSync(file, JSON.stringify({ ...catalog, accounts, resources: [...own, ...resources] }));
  const rules = join(folder, 'guardrails.cedar');
  const others = readFileSync(rules, 'utf8').replace(/@id\("analysts-read-risk-figures"\)[^;]*;/, '');
  writeFileSync(rules, `${others}\n${guardrails}`);
  return folder;
}

describe('an entry that names accounts', () => {
  test('becomes one for each, with the account in its key and its ARNs', () => {
    expect(keysOf([DATA, LAB, EU], table({ accounts: ['777788889999', 'ou:workloads/prod'] }))).toEqual([
      ['orders@data', expect.stringContaining(':444455556666:'), DATA],
      ['orders@lab', expect.stringContaining(':777788889999:'), LAB],
      ['orders@eu', expect.stringContaining(':222233334444:'), EU],
    ]);
  });

  test('of a unit takes the units within it, and none whose name only begins alike', () => {
    const alike = { id: '000011112222', name: 'alike', unit: 'workloads/production' };
    const keys = keysOf([DATA, EU, alike], table({ accounts: ['ou:workloads/prod'] }))?.map(([key]) => key);
    expect(keys).toEqual(['orders@data', 'orders@eu']);
  });

  test('fills in its key of encryption, and is service-wide there', () => {
    const kmsKeyArn = 'arn:aws:kms:eu-central-1:${account}:key/11111111-2222-3333-4444-555555555555';
    const wide = table({
      key: 'regions',
      kind: 'service-wide',
      arns: [],
      actions: { read: ['ec2:DescribeRegions'] },
    });
    const made = expand([DATA], table({ accounts: [DATA.id], kmsKeyArn }), {
      ...wide,
      accounts: ['ou:workloads'],
    }).catalog?.resources;
    expect(made?.[0]?.kmsKeyArn).toContain(':444455556666:key/');
    expect(made?.[1]).toMatchObject({ key: 'regions@data', accountId: DATA.id, account: DATA });
  });

  test('has its ARNs’ account in them where an ARN names none, as a bucket’s', () => {
    const bucket = table({
      kind: 's3-prefix',
      arns: ['arn:${AWS::Partition}:s3:::reports-${account}/daily/'],
      actions: { read: ['s3:GetObject'] },
      accounts: ['ou:workloads'],
    });
    const resources = expand([DATA, LAB], bucket).catalog?.resources ?? [];
    const roles = resources.map((resource) =>
      brokeredRoleArn([resolveArns(resource, HOME)], HOME, divideCatalog(resources)),
    );
    expect(roles).toEqual([
      'arn:aws:iam::444455556666:role/postern-brokered-internal',
      'arn:aws:iam::777788889999:role/postern-brokered-internal',
    ]);
  });

  test('an entry whose ARN has a listed account by its digits says which that is', () => {
    const literal = table({ arns: ['arn:aws:dynamodb:eu-central-1:444455556666:table/orders'] });
    expect(keysOf([DATA], literal)).toEqual([['orders', expect.anything(), DATA]]);
  });

  test('one more account moves no entry of another to another role', () => {
    const long = (nth: number) =>
      table({
        key: `orders_${nth}`,
        arns: [`arn:aws:dynamodb:eu-central-1:\${account}:table/${'o'.repeat(200)}-${nth}`],
        accounts: ['ou:workloads'],
      });
    const resources = Array.from({ length: 40 }, (_, nth) => long(nth));
    const before = divideCatalog(expand([DATA], ...resources).catalog?.resources ?? []);
    const after = divideCatalog(expand([LAB, DATA], ...resources).catalog?.resources ?? []);
    expect(Math.max(...before.values())).toBeGreaterThan(1);
    expect([...before].every(([key, part]) => after.get(key) === part)).toBe(true);
  });
});

describe('is refused, by name', () => {
  test.each<[string, object[], object, string]>([
    [
      'an account that is not listed',
      [LAB],
      table({ accounts: [DATA.id] }),
      'orders: names account 444455556666, which',
    ],
    [
      'a unit with no account',
      [LAB],
      table({ accounts: ['ou:workloads/prod'] }),
      'orders: names ou:workloads/prod, and no account',
    ],
    [
      'a name said twice',
      [DATA],
      table({ accounts: [DATA.id, DATA.id] }),
      'names account 444455556666 twice',
    ],
    [
      'an account by its id and its unit',
      [DATA],
      table({ accounts: [DATA.id, 'ou:workloads'] }),
      'twice, by "444455556666" and by "ou:workloads"',
    ],
    [
      'an account listed twice',
      [DATA, { ...LAB, id: DATA.id }],
      table({ accounts: ['ou:workloads'] }),
      'id 444455556666 is listed twice',
    ],
    [
      'a name listed twice',
      [DATA, { ...LAB, name: 'data' }],
      table({ accounts: ['ou:workloads'] }),
      'name data is listed twice',
    ],
    [
      'an ARN of an account that is not listed',
      [],
      table({ arns: ['arn:aws:dynamodb:eu-central-1:999999999999:table/orders'] }),
      'orders: it is in account 999999999999, which',
    ],
    ['a placeholder with no accounts', [DATA], table(), '${account} stands for the accounts'],
    [
      'the broker’s account beside accounts',
      [DATA],
      table({ accounts: [DATA.id], arns: ['arn:aws:dynamodb:eu-central-1:${AWS::AccountId}:table/orders'] }),
      'names an account beside "accounts"',
    ],
    [
      'one bucket of two accounts',
      [DATA, LAB],
      table({
        accounts: ['ou:workloads'],
        kind: 's3-prefix',
        arns: ['arn:aws:s3:::one/'],
        actions: { read: ['s3:GetObject'] },
      }),
      'is the same in each of its 2 accounts',
    ],
    [
      'the name of the broker’s own account',
      [{ ...DATA, name: 'broker' }],
      table({ accounts: [DATA.id] }),
      'is what the broker’s own account is called',
    ],
    ['what is no unit and no id', [DATA], table({ accounts: ['workloads'] }), 'names neither an account'],
  ])('%s', (_, accounts, entry, problem) => {
    expect(() => makeConfig(HOME, folderWith(accounts, [entry]))).toThrow(problem);
  });

  test('more entries than a catalog may have, once there is one for each account', () => {
    const accounts = Array.from({ length: 60 }, (_, nth) => ({
      id: String(100000000000 + nth),
      name: `a${nth}`,
      unit: 'all',
    }));
    const tables = Array.from({ length: 10 }, (_, nth) =>
      table({ key: `orders_${nth}`, accounts: ['ou:all'] }),
    );
    expect(expand(accounts, ...tables).problem?.problem).toContain('it has 600 entries');
  });
});

describe('guardrails', () => {
  const entry = table({ accounts: ['ou:workloads'] });
  const permit =
    '@id("shop-reads-orders") permit (principal in Group::"shop", action == Action::"dynamodb:GetItem", resource) when { resource.account != "broker" };';
  const principal = principalSchema.parse({
    id: 'clerk',
    type: 'human',
    groups: ['shop'],
    status: 'active',
    awsPrincipals: [],
    persons: ['Clerk'],
  });
  const allowed = (rule: string, key: string) => {
    const { guardrails, catalog } = makeConfig(HOME, folderWith([DATA, LAB], [entry], `${permit}\n${rule}`));
    const resource = catalog.resources.get(key);
    if (!resource) throw new Error(`there is no ${key}`);
    const context = { durationSeconds: 900, onBehalfOf: false, approvals: 3, stepUpApprovals: 3 };
    return guardrails.ask({ principal, action: 'dynamodb:GetItem', resource, context }).allowed;
  };

  test.each<[string, [string, boolean], [string, boolean]]>([
    ['resource.account == "lab"', ['orders@data', true], ['orders@lab', false]],
    ['resource.unit like "workloads/prod*"', ['orders@data', false], ['orders@lab', true]],
    ['resource.account != "broker"', ['orders@data', false], ['orders@lab', false]],
    ['resource == Resource::"orders@lab"', ['orders@data', true], ['orders@lab', false]],
  ])('know them: %s', (when, ...expected) => {
    const rule = `@id("not-there") forbid (principal, action, resource) when { ${when} };`;
    for (const [key, answer] of expected) expect([key, allowed(rule, key)]).toEqual([key, answer]);
  });

  test('let through what the catalog and the reviewer are told of the account', () => {
    const config = makeConfig(HOME, folderWith([DATA, LAB], [entry], permit));
    const view = catalogViewOf(principal, config).resources.map(({ resource, account }) => [
      resource,
      account,
    ]);
    expect(view).toEqual([
      ['orders@data', DATA],
      ['orders@lab', LAB],
    ]);
    const grantable = grantableFor(principal, { onBehalfOf: false }, config);
    const prompt = promptOf({
      request: { reason: 'look at orders' } as AccessRequest,
      loaded: { principal, policy: { text: 'May read orders.' } } as Loaded,
      grantable,
      feedback: [],
    });
    expect(JSON.parse(prompt).resources.map(({ account }: { account: string }) => account)).toEqual([
      'account data (444455556666, workloads/prod)',
      'account lab (777788889999, workloads/lab)',
    ]);
  });

  test('and refuse an account that nobody listed', () => {
    const rule = '@id("typo") forbid (principal, action, resource) when { resource.account == "date" };';
    expect(() => allowed(rule, 'orders@data')).toThrow('typo: account == "date" can never be');
  });
});
