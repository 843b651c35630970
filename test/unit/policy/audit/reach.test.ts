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

  test('whom a trust lets in that cannot be read is not known, and so may be somebody', () => {
    const found = audit({ roles: [role('admin', { ...ADMIN, AssumeRolePolicyDocument: { a: 1 } })] });
    expect([found.score, found.wayTo('admin')]).toEqual([0, ['anybody']]);
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

describe('resource control policies', () => {
  const rcp = (Name: string, ...statements: readonly object[]) => ({
    Name,
    Content: policyDocument(
      ...statements.map((statement) => ({ Effect: 'Deny', Principal: '*', Resource: '*', ...statement })),
    ),
  });
  const outside = role('admin', { ...ADMIN, ...trusting({ AWS: '444455556666' }) });
  const way = (roles: readonly object[], ...resourceControlPolicies: readonly object[]) =>
    audit({ roles, resourceControlPolicies }).wayTo('admin');

  test('bind who may assume the account’s roles', () => {
    expect(way([outside], rcp('none', { Action: 'sts:AssumeRole' }))).toBeUndefined();
    expect(
      way([outside], rcp('other', { Action: 'sts:AssumeRole', Resource: arn('role', 'other') })),
    ).toEqual(['other account']);
    const strangers = {
      StringNotEqualsIfExists: { 'aws:PrincipalAccount': ['111122223333', '444455556666'] },
    };
    const perimeter = rcp('perimeter', { Action: 'sts:*', Condition: strangers });
    expect(way([outside], perimeter)).toEqual(['other account']);
    expect(
      way([role('admin', { ...ADMIN, ...trusting({ AWS: '999900001111' }) })], perimeter),
    ).toBeUndefined();
    expect(way([role('admin', { ...ADMIN, ...trusting('*') })], perimeter)).toEqual(['anybody']);
  });

  test('bind what users and roles do with the account’s resources, of services that they limit', () => {
    const both = role('both', may(allow(['sqs:DeleteQueue', 'sqs:SendMessage', 'sns:DeleteTopic'])));
    const denied = rcp('kept', { Action: ['sqs:DeleteQueue', 'sns:*'] });
    const { principals } = audit({ roles: [both], resourceControlPolicies: [denied] });
    expect(principals[0]?.access.services).toEqual([
      { service: 'sns', levels: { W: 1 } },
      { service: 'sqs', levels: { W: 1 } },
    ]);
    const gone = rcp('gone', { Action: 'sqs:*' });
    expect(audit({ roles: [both], resourceControlPolicies: [gone] }).principals[0]?.access.services).toEqual([
      { service: 'sns', levels: { W: 1 } },
    ]);
  });

  test('do not limit the roles that AWS’s services made, and where they were not collected that is a gap', () => {
    const linked = role('AWSServiceRoleForX', {
      ...may(allow('sqs:SendMessage')),
      Path: '/aws-service-role/x.amazonaws.com/',
      ...trusting({ Service: 'x.amazonaws.com' }),
    });
    const found = audit({
      roles: [linked],
      resourceControlPolicies: [rcp('none', { Action: ['sqs:*', 'sts:*'] })],
    });
    expect(found.wayTo('AWSServiceRoleForX')).toEqual(['service']);
    expect(found.principals[0]?.access.services.map(({ service }) => service)).toEqual(['sqs']);
    expect(audit({ roles: [], resourceControlPolicies: undefined }).gaps).toContainEqual({
      part: 'resource control policies',
      why: 'it was not collected',
    });
  });
});

describe('keys that are known of who asks', () => {
  const exempt = (name: string) => ({
    Effect: 'Deny',
    Action: 'iam:*',
    Resource: '*',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': arn('role', name) } },
  });
  const power = may(allow('iam:PutRolePolicy'));
  const escalates = (name: string) => {
    const Content = JSON.stringify(policyDocument(exempt(name)));
    const [entry] = audit({
      roles: [role('x', power)],
      serviceControlPolicies: [{ Name: 'scp', Content }],
    }).principals;
    return (entry?.escalations.length ?? 0) > 0;
  };

  test('a denial that spares one role by its ARN holds of every other', () => {
    expect([escalates('break-glass'), escalates('x')]).toEqual([false, true]);
  });

  test('a trust that names by a condition whom it means lets in nobody else', () => {
    const trust = trusting(
      { AWS: '111122223333' },
      { Condition: { ArnEquals: { 'aws:PrincipalArn': arn('user', 'ann') } } },
    );
    const assume = allow('sts:AssumeRole', arn('role', 'admin'));
    const found = audit({
      users: [user('ann', assume), user('bob', assume)],
      roles: [role('admin', { ...ADMIN, ...trust })],
    });
    expect([found.reaches('ann'), found.reaches('bob')]).toEqual(['admin', undefined]);
  });

  test('a trust of everybody of its own account is no way in from outside', () => {
    const own = (Condition: object) => role('admin', { ...ADMIN, ...trusting('*', { Condition }) });
    const way = (Condition: object) => audit({ roles: [own(Condition)] }).wayTo('admin');
    expect(way({ StringEquals: { 'aws:PrincipalAccount': '111122223333' } })).toBeUndefined();
    expect(way({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } })).toBeUndefined();
    expect(way({ StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } })).toEqual(['anybody']);
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
