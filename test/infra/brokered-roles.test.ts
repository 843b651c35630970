import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { inPolicies } from '../../infra/brokered/policy-size.ts';
import { MemberStack } from '../../infra/member-stack.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { brokeredRoleName } from '../../lambdas/shared/domain/brokered/brokered-role.ts';
import { planRoles } from '../../lambdas/shared/domain/brokered/plan-roles.ts';
import { roleStatements } from '../../lambdas/shared/domain/brokered/role-statements.ts';
import {
  type CatalogResource,
  catalogResourceSchema,
  grantableActions,
} from '../../lambdas/shared/domain/catalog/catalog.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { judge } from '../../sandbox/aws/authorize.ts';
import type { PolicyDocument } from '../../sandbox/aws/types.ts';
import { ACCOUNT, deployed, REGION } from '../support/function-roles.ts';

const { roles } = deployed();
const catalog = readConfigFiles('config')
  .catalog.resources.filter(({ account }) => account === undefined)
  .map((resource) => resolveArns(resource, { partition: 'aws', region: REGION, accountId: ACCOUNT }));
const table = (name: string, account = ACCOUNT) => `arn:aws:dynamodb:${REGION}:${account}:table/${name}`;

type Beside = { identity?: PolicyDocument; resource?: PolicyDocument };

/** Whether a session of a brokered role may do something, with policies beside the role's own. */
async function may(sensitivity: string, action: string, resource: string, beside: Beside = {}) {
  const role = roles.find(({ name }) => name === `postern-brokered-${sensitivity}`);
  if (!role?.boundary) throw new Error(`no bounded role for ${sensitivity}`);
  const answer = judge(
    {
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/test`,
      userId: `${role.id}:test`,
      accessKeyId: 'ASIATEST',
      identityPolicies: [
        ...role.policies.map(({ document }) => document),
        ...(beside.identity ? [beside.identity] : []),
      ],
      boundary: role.boundary,
      principalTags: {},
      sessionIssuer: role.arn,
    },
    { action, resource, ...(beside.resource && { resourcePolicy: beside.resource }) },
  );
  return answer.allowed;
}

test('there is one role for each sensitivity of the catalog', () => {
  const names = roles.map(({ name }) => name).filter((name) => name.startsWith('postern-brokered-'));
  const sensitivities = ['internal', 'confidential', 'restricted'] as const;
  expect(names).toEqual(
    sensitivities.map((sensitivity) => brokeredRoleName({ sensitivity, part: 1, isServiceWide: false })),
  );
});

describe('a role may do what the catalog offers up to its sensitivity', () => {
  const ORDER = ['internal', 'confidential', 'restricted'];
  const offered = catalog.flatMap((resource) =>
    grantableActions(resource).flatMap((action) =>
      resource.arns.map((arn) => [resource.sensitivity, action, arn] as const),
    ),
  );
  test.each(offered)('%s: %s on %s', async (needed, action, arn) => {
    const answers = await Promise.all(ORDER.map((sensitivity) => may(sensitivity, action, arn)));
    expect(answers).toEqual(ORDER.map((_, rank) => rank >= ORDER.indexOf(needed)));
  });
});

const ANYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const allowing = (statement: object): PolicyDocument => ({ Version: '2012-10-17', Statement: [statement] });

describe.each([
  ['an action that the catalog does not list', 'dynamodb:DeleteItem', table('bank_balances')],
  ['an action that it lists for another resource', 'dynamodb:Scan', table('bank_balances')],
  ["writing the broker's policies", 'dynamodb:PutItem', table('policy_table')],
  ["the broker's approvals", 'dynamodb:GetItem', table('postern_approvals')],
  ['the same table of another account', 'dynamodb:GetItem', table('bank_balances', '999999999999')],
  ['another role', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
  ['itself', 'iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/postern-brokered-restricted`],
  ['any bucket', 's3:GetObject', 'arn:aws:s3:::anything/at-all'],
])('a role may not do %s', (_, action, resource) => {
  test('by itself', async () => {
    expect(await may('restricted', action, resource)).toBe(false);
  });
  test('with a policy that somebody added to it', async () => {
    expect(await may('restricted', action, resource, { identity: allowing(ANYTHING) })).toBe(false);
  });
  test('where the resource allows its sessions', async () => {
    const Principal = { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/postern-brokered-restricted/test` };
    const allowed = allowing({ Effect: 'Allow', Principal, Action: action, Resource: resource });
    expect(await may('restricted', action, resource, { resource: allowed })).toBe(false);
  });
});

test('only assume-role may assume a role, and only with a source identity and the tags of a request', () => {
  const principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/postern-assume-role` };
  for (const { trust } of roles.filter(({ name }) => name.startsWith('postern-brokered-'))) {
    expect(trust.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: principal,
        Condition: { StringLike: { 'sts:SourceIdentity': '*' } },
      },
      { Effect: 'Allow', Action: 'sts:SetSourceIdentity', Principal: principal },
      {
        Effect: 'Allow',
        Action: 'sts:TagSession',
        Principal: principal,
        Condition: {
          StringLike: { 'aws:RequestTag/postern:request-id': '*', 'aws:RequestTag/postern:principal': '*' },
        },
      },
    ]);
  }
});

describe('resources of other accounts', () => {
  const elsewhere = catalogResourceSchema.parse({
    ...catalog[0],
    key: 'elsewhere',
    arns: [table('ledger', '999999999999')],
    sensitivity: 'internal',
  });

  test('take roles of those accounts', () => {
    const planned = planRoles([...catalog, elsewhere], ACCOUNT, undefined);
    expect(planned.map(({ account, sensitivity }) => `${account} ${sensitivity}`)).toEqual([
      `${ACCOUNT} internal`,
      `${ACCOUNT} confidential`,
      `${ACCOUNT} restricted`,
      '999999999999 internal',
    ]);
    expect(planned.at(-1)?.resources.map(({ key }) => key)).toEqual(['elsewhere']);
  });

  test('an account that the catalog does not name has no template', () => {
    expect(() => new MemberStack(new App(), 'Member', { member: '999999999999' })).toThrow(
      'catalog.json lists no resource of account 999999999999; name it in the "accounts" of an entry',
    );
  });
});

describe('the statements of a role', () => {
  const prefix = (key: string, path: string, actions: string[]): CatalogResource =>
    catalogResourceSchema.parse({
      key,
      kind: 's3-prefix',
      arns: [`arn:aws:s3:::lake/${path}`],
      purpose: 'Objects below a prefix',
      sensitivity: 'internal',
      actions: { read: actions },
      maxDurationSeconds: 900,
    });

  test('a refusal on one prefix never takes what another, inside it, may do', () => {
    const { refusals } = roleStatements([
      prefix('outer', 'a/', ['s3:GetObject']),
      prefix('inner', 'a/b/', ['s3:PutObject']),
    ]);
    expect(refusals).toEqual([
      {
        otherThan: ['s3:GetObject', 's3:PutObject'],
        on: ['arn:aws:s3:::lake/a/*', 'arn:aws:s3:::lake/a/b/*'],
      },
    ]);
  });

  const onTables = (tables: number) => ({
    Effect: 'Allow' as const,
    Action: ['dynamodb:GetItem'],
    Resource: Array.from({ length: tables }, (_, index) => table(`table_${index}`)),
  });

  test('are spread over as many policies as they need', () => {
    const parts = inPolicies(
      'role',
      Array.from({ length: 4 }, () => onTables(40)),
    );
    expect(parts.map(({ length }) => length)).toEqual([2, 2]);
  });

  test('that no role can hold stop the deployment with one line', () => {
    expect(() => inPolicies('postern-brokered-internal', [onTables(200)])).toThrow(
      'catalog.json: postern-brokered-internal would exceed what IAM lets a role hold; shorten or divide its longest entry',
    );
  });
});
