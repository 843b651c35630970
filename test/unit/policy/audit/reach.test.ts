import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../../clients/iam/account/collected-account.ts';
import { auditAccount } from '../../../../policy/audit/audit-account.ts';
import { data } from '../../../support/policy/check-case.ts';
import { allow, COLLECTED, inline, policyDocument, role } from '../../../support/policy/collected-account.ts';

const arn = (kind: string, name: string) => `arn:aws:iam::111122223333:${kind}/${name}`;
const trusting = (Principal: unknown, more: object = {}) => ({
  AssumeRolePolicyDocument: policyDocument({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }),
});
const may = (...statements: readonly object[]) => ({
  RolePolicyList: [inline('own', policyDocument(...statements))],
});
const ADMIN = may(allow('*'));
const user = (UserName: string, ...statements: readonly object[]) => ({
  UserName,
  Arn: arn('user', UserName),
  UserPolicyList: statements.length > 0 ? [inline('own', policyDocument(...statements))] : [],
});

type More = {
  readonly users?: readonly object[];
  readonly roles: readonly object[];
  readonly [part: string]: unknown;
};

function audit({ users = [], roles, ...more }: More) {
  const { credentialReport: _, ...rest } = COLLECTED;
  const collected = {
    ...rest,
    ...more,
    authorizationDetails: { ...COLLECTED.authorizationDetails, UserDetailList: users, RoleDetailList: roles },
  };
  const found = auditAccount(accountOf(collectedSchema.parse(collected), data), { breakGlass: [] }, data);
  const wayTo = (name: string) =>
    found.principals.find((entry) => entry.name === name)?.wayTo?.map((step) => step.by);
  const reaches = (name: string) => found.principals.find((entry) => entry.name === name)?.reaches?.name;
  return { ...found, wayTo, reaches };
}

describe('the score is that of the worst who can be reached', () => {
  test('so an administrator whom nobody can become makes no account worse', () => {
    const apart = audit({ roles: [role('admin', { ...ADMIN, ...trusting({ AWS: '111122223333' }) })] });
    expect(apart.score).toBe(100);
    expect(apart.principals[0]?.score).toBe(0);
  });

  test.each([
    ['another account', trusting({ AWS: '444455556666' }), 'other account'],
    ['a role of another account', trusting({ AWS: 'arn:aws:iam::444455556666:role/x' }), 'other account'],
    ['anybody', trusting('*'), 'anybody'],
    ['a service', trusting({ Service: 'lambda.amazonaws.com' }), 'service'],
  ])('and one whom %s may become does', (_, trust, kind) => {
    const found = audit({ roles: [role('admin', { ...ADMIN, ...trust })] });
    expect(found.score).toBe(0);
    expect(found.wayTo('admin')).toEqual([kind]);
  });

  test('who comes with a token of a provider', () => {
    const trust = {
      AssumeRolePolicyDocument: policyDocument({
        Effect: 'Allow',
        Principal: { Federated: arn('oidc-provider', 'token.actions.githubusercontent.com') },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:a/b:*' } },
      }),
    };
    expect(audit({ roles: [role('ci', { ...ADMIN, ...trust })] }).wayTo('ci')).toEqual(['identity provider']);
  });

  test('where a policy of theirs was not read, there is none', () => {
    const attached = [{ PolicyName: 'Gone', PolicyArn: 'arn:aws:iam::aws:policy/Gone' }];
    const roles = [role('x', { AttachedManagedPolicies: attached, ...trusting({ AWS: '444455556666' }) })];
    expect(audit({ roles }).score).toBeUndefined();
  });
});

describe('a step', () => {
  const admin = (trust: object) => role('admin', { ...ADMIN, ...trust });
  const assume = allow('sts:AssumeRole', arn('role', 'admin'));
  const own = trusting({ AWS: '111122223333' });

  test('takes the trust and the policy, where the trust leaves it to the account', () => {
    const both = audit({ users: [user('ann', assume)], roles: [admin(own)] });
    expect(both.wayTo('admin')).toEqual(['credentials', 'sts:AssumeRole']);
    expect(both.reaches('ann')).toBe('admin');
    expect(audit({ users: [user('ann')], roles: [admin(own)] }).wayTo('admin')).toBeUndefined();
    const other = allow('sts:AssumeRole', arn('role', 'other'));
    expect(audit({ users: [user('ann', other)], roles: [admin(own)] }).wayTo('admin')).toBeUndefined();
  });

  test('takes the trust alone, where that names who it means; a Deny counts all the same', () => {
    const named = admin(trusting({ AWS: arn('user', 'ann') }));
    expect(audit({ users: [user('ann')], roles: [named] }).wayTo('admin')).toEqual([
      'credentials',
      'sts:AssumeRole',
    ]);
    const denied = user('ann', { Effect: 'Deny', Action: 'sts:*', Resource: '*' });
    expect(audit({ users: [denied], roles: [named] }).wayTo('admin')).toBeUndefined();
  });

  test('is stopped by a boundary and by a service control policy', () => {
    const boundary = { PermissionsBoundary: { PermissionsBoundaryArn: arn('policy', 'boundary') } };
    expect(
      audit({ users: [{ ...user('ann', assume), ...boundary }], roles: [admin(own)] }).wayTo('admin'),
    ).toBeUndefined();
    const Content = JSON.stringify(
      policyDocument({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }),
    );
    const limited = audit({
      users: [user('ann', assume)],
      roles: [admin(own)],
      serviceControlPolicies: [
        { Name: 'all', Content: JSON.stringify(policyDocument(allow('*'))), Target: 'r-1' },
        { Name: 'no', Content, Target: 'r-1' },
      ],
    });
    expect(limited.wayTo('admin')).toBeUndefined();
  });

  test('leads on from role to role, and by changing a trust, a key, and passing a role', () => {
    const chain = audit({
      users: [user('ann', allow('sts:AssumeRole', arn('role', 'middle')))],
      roles: [role('middle', { ...may(allow('sts:AssumeRole', arn('role', 'admin'))), ...own }), admin(own)],
    });
    expect(chain.wayTo('admin')).toEqual(['credentials', 'sts:AssumeRole', 'sts:AssumeRole']);
    expect(chain.reaches('ann')).toBe('admin');
    const closed = admin(trusting({ AWS: arn('user', 'gone') }));
    const changing = user('ann', allow('iam:UpdateAssumeRolePolicy', arn('role', 'adm*')));
    expect(
      audit({ users: [changing], roles: [closed] })
        .wayTo('admin')
        ?.at(-1),
    ).toBe('iam:UpdateAssumeRolePolicy');
    const keys = user('ann', allow('iam:CreateAccessKey', arn('user', 'bob')));
    expect(audit({ users: [keys, user('bob', allow('*'))], roles: [] }).reaches('ann')).toBe('bob');
    const passing = user('ann', allow('iam:PassRole', arn('role', 'admin')), allow('ec2:RunInstances'));
    const machine = admin(trusting({ Service: 'ec2.amazonaws.com' }));
    expect(audit({ users: [passing], roles: [machine] }).reaches('ann')).toBe('admin');
  });

  test('of who can give itself anything leads to everybody', () => {
    const ann = user('ann', allow('iam:PutUserPolicy'));
    const found = audit({ users: [ann], roles: [admin(own)] });
    expect(found.reaches('ann')).toBe('admin');
    expect(found.score).toBe(0);
  });
});

describe('levels of service control policies', () => {
  const scp = (Name: string, Target: string, ...statements: readonly object[]) => ({
    Name,
    Target,
    Content: JSON.stringify(policyDocument(...statements)),
  });
  const roles = [role('admin', { ...ADMIN, ...trusting({ AWS: '444455556666' }) })];

  test('limit each by itself: what one does not allow is not allowed', () => {
    const serviceControlPolicies = [scp('full', 'r-1', allow('*')), scp('s3', 'ou-1', allow('s3:Get*'))];
    const [admin] = audit({ roles, serviceControlPolicies }).principals;
    expect(admin?.access.services.map(({ service }) => service)).toEqual(['s3']);
    expect(admin?.access.isWhole).toBe(false);
  });

  test('do not limit the roles that AWS’s services made', () => {
    const serviceControlPolicies = [scp('none', 'r-1', { Effect: 'Deny', Action: '*', Resource: '*' })];
    const linked = role('AWSServiceRoleForX', { ...ADMIN, Path: '/aws-service-role/x.amazonaws.com/' });
    const { principals } = audit({ roles: [...roles, linked], serviceControlPolicies });
    const score = (name: string) => principals.find((entry) => entry.name === name)?.score;
    expect([score('admin'), score('AWSServiceRoleForX')]).toEqual([100, 0]);
  });
});

test('effective access counts Deny, conditions that cannot hold, and boundaries', () => {
  const statements = [
    allow(['sqs:SendMessage', 'sqs:DeleteQueue', 'sqs:ListQueues', 'dynamodb:GetItem']),
    { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' },
    allow('kms:Decrypt', '*', {
      Condition: { Bool: { 'aws:SecureTransport': ['true'] }, Null: { 'aws:SecureTransport': 'true' } },
    }),
  ];
  const [entry] = audit({ roles: [role('x', may(...statements))] }).principals;
  expect(entry?.access).toEqual({
    isWhole: false,
    services: [
      { service: 'dynamodb', levels: { R: 1 } },
      { service: 'sqs', levels: { R: 1, W: 1 } },
    ],
  });
});
