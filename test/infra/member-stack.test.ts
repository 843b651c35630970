import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { MemberStack } from '../../infra/member-stack.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { checkAccounts } from '../../lambdas/shared/adapters/iam/check-accounts.ts';
import { type DeployedRole, otherThanPlanned } from '../../lambdas/shared/domain/brokered/compare-roles.ts';
import { judge } from '../../sandbox/aws/authorize.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';

const [HOME, MEMBER, REGION] = ['123456789012', '444455556666', 'eu-central-1'];
const folder = mkdtempSync(join(tmpdir(), 'postern-member-stack-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  delete process.env.POSTERN_CONFIG_DIR;
});

/** Two sensitivities in the member, so that it has two brokered roles. */
function roles() {
  cpSync('config', folder, { recursive: true });
  const file = join(folder, 'catalog.json');
  const { version, resources } = JSON.parse(readFileSync(file, 'utf8'));
  // Without the demo's own other account.
  const own = resources.filter(({ accounts: named }: { accounts?: string[] }) => !named);
  const entry = (key: string, sensitivity: string) => ({
    ...{ key, kind: 'dynamodb-table', purpose: 'Rows of the member', sensitivity, maxDurationSeconds: 900 },
    accounts: ['ou:workloads'],
    arns: [`arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${account}:table/${key}`],
    actions: { read: ['dynamodb:GetItem'] },
  });
  const accounts = [{ id: MEMBER, name: 'data', unit: 'workloads' }];
  const more = [entry('ledger', 'internal'), entry('customers', 'restricted')];
  writeFileSync(file, JSON.stringify({ version, accounts, resources: [...own, ...more] }));
  process.env.POSTERN_CONFIG_DIR = folder;
  const app = new App({ analyticsReporting: false });
  new MemberStack(app, 'PosternMember', { member: MEMBER });
  const { template } = app.synth().getStackByName('PosternMember');
  return resolveTemplate(template, {
    accountId: MEMBER,
    region: REGION,
    parameters: { BrokerAccount: HOME, BrokerRegion: REGION },
  }).roles;
}

const made = roles();
const revoker = made.find(({ name }) => name === 'postern-revoker');

/** Whether a session of a role of some account may do something in the member. */
function may(account: string, roleName: string, action: string, resource: string): boolean {
  const role = made.find(({ name, arn }) => name === roleName && arn.includes(account));
  const trusting = made.find(({ arn }) => arn === resource);
  const caller = {
    ...{ accountId: account, arn: `arn:aws:sts::${account}:assumed-role/${roleName}/x`, userId: 'AROAX:x' },
    ...{ accessKeyId: 'ASIAX', principalTags: {}, sessionIssuer: `arn:aws:iam::${account}:role/${roleName}` },
    identityPolicies: role?.policies.map(({ document }) => document) ?? [
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    ],
    ...(role?.boundary && { boundary: role.boundary }),
  };
  const isAssuming = action === 'sts:AssumeRole';
  return judge(caller, {
    ...{ action, resource },
    ...(isAssuming && trusting && { resourcePolicy: trusting.trust }),
  }).allowed;
}

const roleArn = (name: string, account = MEMBER) => `arn:aws:iam::${account}:role/${name}`;

test('the member has its brokered roles, and one that revokes', () => {
  expect(made.map(({ name }) => name).sort()).toEqual([
    'postern-brokered-internal',
    'postern-brokered-restricted',
    'postern-revoker',
  ]);
});

test.each([
  ['postern-revoke-session', HOME, true],
  ['postern-lift-revocation', HOME, true],
  ['postern-assume-role', HOME, false],
  ['postern-apply-change', HOME, false],
  ['postern-revoke-session', '999999999999', false],
  ['admin', HOME, false],
  ['admin', MEMBER, false],
])('%s of %s may revoke there: %s', (name, account, expected) => {
  expect(may(account, name, 'sts:AssumeRole', revoker?.arn ?? '')).toBe(expected);
});

test.each([
  ['iam:PutRolePolicy', roleArn('postern-brokered-internal'), true],
  ['iam:PutRolePolicy', roleArn('postern-brokered-restricted'), true],
  ['iam:PutRolePolicy', roleArn('admin'), false],
  ['iam:PutRolePolicy', roleArn('postern-revoker'), false],
  ['iam:AttachRolePolicy', roleArn('postern-brokered-internal'), false],
  ['iam:DeleteRolePermissionsBoundary', roleArn('postern-brokered-internal'), false],
  ['iam:UpdateAssumeRolePolicy', roleArn('postern-brokered-internal'), false],
  ['sts:AssumeRole', roleArn('postern-brokered-internal'), false],
  ['dynamodb:GetItem', `arn:aws:dynamodb:${REGION}:${MEMBER}:table/ledger`, false],
])('what revokes there may %s on %s: %s', (action, resource, expected) => {
  expect(may(MEMBER, 'postern-revoker', action, resource)).toBe(expected);
});

describe('what is deployed in an account is compared with what is planned', () => {
  const home = { partition: 'aws', region: REGION, accountId: HOME };
  const catalog = readConfigFiles(folder).catalog;
  const deployedAs = (name: string): DeployedRole | undefined => {
    const role = made.find((found) => found.name === name);
    return (
      role && {
        arn: role.arn,
        trust: JSON.stringify(role.trust),
        attached: role.boundary ? role.policies.map(({ document }) => JSON.stringify(document)) : [],
        inline: new Map(
          role.boundary ? [] : role.policies.map((policy) => [policy.name, JSON.stringify(policy.document)]),
        ),
        ...(role.boundary && { boundary: JSON.stringify(role.boundary) }),
      }
    );
  };
  type Change = (role: DeployedRole) => DeployedRole | undefined;
  const compare = (name: string, change: Change) =>
    otherThanPlanned(catalog.resources, home, MEMBER, async (read) => {
      const role = deployedAs(read);
      return role && (read === name ? change(role) : role);
    });
  const allowing = (Action: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });

  test('as it is, nothing differs', async () => {
    expect(await compare('', (role) => role)).toEqual([]);
  });

  test.each<[string, string, Change, string]>([
    ['a stack of before revocation', 'postern-revoker', () => undefined, 'is not there'],
    [
      'a revoker that trusts more',
      'postern-revoker',
      (role) => ({ ...role, trust: role.trust.replaceAll('postern-lift-revocation', 'admin') }),
      'does not trust as planned: sts:AssumeRole by arn:aws:iam::123456789012:role/admin',
    ],
    [
      'a revoker that may more',
      'postern-revoker',
      (role) => ({ ...role, attached: [allowing('iam:*')] }),
      'may do more than planned: iam:',
    ],
    [
      'a revoker that may nothing',
      'postern-revoker',
      (role) => ({ ...role, inline: new Map() }),
      'may not do',
    ],
    ['a role that is gone', 'postern-brokered-restricted', () => undefined, 'is not there'],
    [
      'a role that trusts its own account',
      'postern-brokered-internal',
      (role) => ({ ...role, trust: role.trust.replaceAll(HOME, MEMBER) }),
      `does not trust as planned: sts:SetSourceIdentity by arn:aws:iam::${MEMBER}:role/postern-assume-role`,
    ],
  ])('%s is told', async (_, name, change, told) => {
    expect(await compare(name, change)).toEqual([expect.stringContaining(`${name} ${told}`)]);
  });

  test('each account is said, one that cannot be looked at too, and none keeps another from being looked at', async () => {
    const asked: string[] = [];
    const lab = { id: '777788889999', name: 'lab', deployRole: 'Deploy' };
    const entry = catalog.resources.find(({ account }) => account?.id === MEMBER);
    if (!entry) throw new Error('the catalog has no entry of the member');
    const there = {
      ...entry,
      key: 'x@lab',
      account: lab,
      arns: entry.arns.map((arn) => arn.replace(MEMBER, lab.id)),
    };
    const found = await checkAccounts(
      { ...catalog, accounts: [...(catalog.accounts ?? []), lab], resources: [...catalog.resources, there] },
      home,
      {
        readHere: async () => undefined,
        readThere: async (roleArn) => {
          asked.push(roleArn);
          if (roleArn.includes(lab.id)) throw new Error('AccessDenied');
          return async (name) => deployedAs(name);
        },
        role: 'Reader',
      },
    );
    expect(asked).toEqual([MEMBER, lab.id].map((id) => `arn:aws:iam::${id}:role/Reader`));
    expect(found.map(({ verdict, called }) => [verdict, called])).toEqual([
      ['wrong', `broker (${HOME})`],
      ['ok', `data (${MEMBER})`],
      ['unknown', `lab (${lab.id})`],
    ]);
    expect(found[2]?.what).toContain('cannot be looked at (Error: AccessDenied)');
  });
});
