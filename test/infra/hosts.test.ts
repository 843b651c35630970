import { describe, expect, test } from 'vitest';
import type { RequestPrincipal } from '../../policy/evaluate/access-request.ts';
import { evaluate } from '../../policy/evaluate/evaluate.ts';
import { makeReference, prove } from '../../policy/prove/prove.ts';
import { readPolicy } from '../support/policy/situation.ts';
import { type PolicyDocument, policiesIn, readHosts } from '../support/read-hosts.ts';

const ACCOUNT = '444455556666';
const VALUES = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': 'eu-central-1',
  BrokerAccount: '111122223333',
  BrokerRegion: 'eu-central-1',
  ApiId: 'a1b2c3d4e5',
  EksCluster: 'agents',
  EksNamespace: 'support',
  EksServiceAccount: 'support-agent',
  TrustAnchorArn: `arn:aws:rolesanywhere:eu-central-1:${ACCOUNT}:trust-anchor/ta-1`,
  CertificateName: 'agent-1.bank.example',
  GitHubRepository: 'bank/reports',
  GitHubEnvironment: 'production',
  TrustedUserArn: `arn:aws:iam::${ACCOUNT}:user/ann`,
  DeployBucket: 'bank-site',
  DeployFolder: 'www',
  DatabaseClusterArn: `arn:aws:rds:eu-central-1:${ACCOUNT}:cluster:reports`,
  ReadingUserSecretArn: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:reports-reader-a1B2c3`,
};
const BASE = readHosts('base-identity', VALUES);
const ROLES = readHosts('reference-roles', VALUES);
const base = policiesIn(BASE);
const roles = policiesIn(ROLES);

type Context = Readonly<Record<string, string | readonly string[]>>;

function policyOf(policies: Record<string, PolicyDocument>, name: string): PolicyDocument {
  const found = policies[name];
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

/** Whether somebody to whom this policy alone is attached, as its boundary too, may make a call. */
function may(policy: PolicyDocument, action: string, resource: string, context: Context = {}): boolean {
  const read = readPolicy(policy, 'identity');
  const principal = { kind: 'aws' as const, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/any/session` };
  const { outcome } = evaluate(
    { principal, action, resource, resourceAccountId: ACCOUNT, context },
    { identity: [read], boundary: readPolicy(policy, 'boundary') },
  );
  return outcome === 'allowed';
}

/** Whether a role's trust policy lets somebody make one of the calls that open it. */
function mayOpen(
  trust: PolicyDocument,
  principal: RequestPrincipal,
  action: string,
  context: Context,
): boolean {
  const { outcome } = evaluate(
    {
      principal,
      action,
      resource: `arn:aws:iam::${ACCOUNT}:role/any`,
      resourceAccountId: ACCOUNT,
      context,
      needsResourcePolicy: true,
    },
    { identity: [], resource: readPolicy(trust, 'trust') },
  );
  return outcome === 'allowed';
}

const within = (policy: PolicyDocument, ...Statement: object[]) =>
  prove(
    [[readPolicy(policy, 'identity')]],
    makeReference([[readPolicy({ Version: '2012-10-17', Statement }, 'identity')]]),
  ).verdict;

describe('the base identity', () => {
  const policy = policyOf(base, 'CallTheBroker');
  const api = 'arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5';

  test('is proved to do nothing but call the broker', () => {
    const toCall = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${api}/*` };
    expect(within(policy, toCall)).toBe('within');
    expect(within(policy, { ...toCall, Resource: `${api}/api/POST/requests` })).toBe('wider');
  });

  test.each([
    ['asks', 'execute-api:Invoke', `${api}/api/POST/requests`, true],
    ['claims', 'execute-api:Invoke', `${api}/api/POST/requests/ann-01J/credentials`, true],
    [
      'calls another API',
      'execute-api:Invoke',
      `${api.replace('a1b2c3d4e5', 'z9y8x7w6v5')}/api/GET/x`,
      false,
    ],
    ['changes the API', 'execute-api:InvalidateCache', `${api}/api/GET/requests`, false],
    ['assumes a role', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, false],
    ['reads a bucket', 's3:GetObject', 'arn:aws:s3:::bank-site/www/index.html', false],
    ['makes itself a key', 'iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/agent`, false],
  ])('%s: as it should', (_, action, resource, expected) => {
    expect(may(policy, action, resource)).toBe(expected);
  });

  test('stands alone on every host, and is its boundary; the user comes last', () => {
    const identities = Object.entries(BASE.Resources).filter(([, { Type }]) =>
      ['AWS::IAM::Role', 'AWS::IAM::User'].includes(Type),
    );
    expect(identities.map(([name]) => name)).toEqual([
      'Ec2Role',
      'EcsRole',
      'LambdaRole',
      'EksPodIdentityRole',
      'RolesAnywhereRole',
      'GitHubRole',
      'LastAndWorstUser',
    ]);
    for (const [name, { Properties, Condition }] of identities) {
      const { ManagedPolicyArns, PermissionsBoundary, Policies } = Properties;
      expect([name, ManagedPolicyArns, PermissionsBoundary, Policies, typeof Condition]).toEqual([
        name,
        [{ Ref: 'CallTheBroker' }],
        { Ref: 'CallTheBroker' },
        undefined,
        'string',
      ]);
    }
    expect(BASE.Parameters.Host?.AllowedValues).toHaveLength(identities.length);
    const types = new Set(Object.values(BASE.Resources).map(({ Type }) => Type));
    expect([...types].sort()).toEqual([
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::IAM::User',
      'AWS::RolesAnywhere::Profile',
    ]);
  });

  const service = (name: string) => ({ kind: 'service' as const, name: `${name}.amazonaws.com` });
  const ecs = {
    'aws:SourceAccount': ACCOUNT,
    'aws:SourceArn': `arn:aws:ecs:eu-central-1:${ACCOUNT}:task/agents/1`,
  };
  const pod = {
    'aws:SourceAccount': ACCOUNT,
    'aws:RequestTag/eks-cluster-name': 'agents',
    'aws:RequestTag/kubernetes-namespace': 'support',
    'aws:RequestTag/kubernetes-service-account': 'support-agent',
  };
  const certificate = {
    'aws:SourceArn': VALUES.TrustAnchorArn,
    'aws:PrincipalTag/x509Subject/CN': VALUES.CertificateName,
  };
  const github = {
    kind: 'federated' as const,
    provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  };
  const token = {
    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
    'token.actions.githubusercontent.com:sub': 'repo:bank/reports:environment:production',
  };
  const WEB = 'sts:AssumeRoleWithWebIdentity';
  const sub = (text: string) => ({ ...token, 'token.actions.githubusercontent.com:sub': text });

  test.each<[string, RequestPrincipal, string, Context, boolean]>([
    ['Ec2Role', service('ec2'), 'sts:AssumeRole', {}, true],
    ['Ec2Role', service('lambda'), 'sts:AssumeRole', {}, false],
    ['LambdaRole', service('lambda'), 'sts:AssumeRole', {}, true],
    ['LambdaRole', service('ec2'), 'sts:AssumeRole', {}, false],
    ['EcsRole', service('ecs-tasks'), 'sts:AssumeRole', ecs, true],
    [
      'EcsRole',
      service('ecs-tasks'),
      'sts:AssumeRole',
      { ...ecs, 'aws:SourceAccount': '999999999999' },
      false,
    ],
    ['EcsRole', service('ecs-tasks'), 'sts:AssumeRole', {}, false],
    ['EksPodIdentityRole', service('pods.eks'), 'sts:AssumeRole', pod, true],
    ['EksPodIdentityRole', service('pods.eks'), 'sts:TagSession', pod, true],
    [
      'EksPodIdentityRole',
      service('pods.eks'),
      'sts:AssumeRole',
      { ...pod, 'aws:RequestTag/kubernetes-service-account': 'default' },
      false,
    ],
    [
      'EksPodIdentityRole',
      service('pods.eks'),
      'sts:AssumeRole',
      { ...pod, 'aws:RequestTag/eks-cluster-name': 'somebody-elses' },
      false,
    ],
    ['RolesAnywhereRole', service('rolesanywhere'), 'sts:AssumeRole', certificate, true],
    [
      'RolesAnywhereRole',
      service('rolesanywhere'),
      'sts:AssumeRole',
      { ...certificate, 'aws:PrincipalTag/x509Subject/CN': 'agent-2.bank.example' },
      false,
    ],
    [
      'RolesAnywhereRole',
      service('rolesanywhere'),
      'sts:AssumeRole',
      { ...certificate, 'aws:SourceArn': `${VALUES.TrustAnchorArn}2` },
      false,
    ],
    ['GitHubRole', github, WEB, token, true],
    ['GitHubRole', github, WEB, sub('repo:bank/reports:ref:refs/heads/main'), false],
    ['GitHubRole', github, WEB, sub('repo:bank/reports-2:environment:production'), false],
    ['GitHubRole', github, WEB, sub('repo:else/reports:environment:production'), false],
    ['GitHubRole', github, WEB, { ...token, 'token.actions.githubusercontent.com:aud': 'another' }, false],
    ['GitHubRole', github, WEB, {}, false],
  ])('%s for %j by %s with %j: %s', (name, principal, action, context, expected) => {
    expect(mayOpen(policyOf(base, `${name} trust`), principal, action, context)).toBe(expected);
  });
});

describe('the reference roles', () => {
  const here = { 'aws:RequestedRegion': 'eu-central-1' };
  const away = { 'aws:RequestedRegion': 'us-east-1' };
  const file = 'arn:aws:s3:::bank-site/www/index.html';
  const region = { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } };

  test.each<[string, object[]]>([
    ['Ec2Read', [{ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*', Condition: region }]],
    [
      'MetricsRead',
      [
        {
          Effect: 'Allow',
          Action: ['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*'],
          Resource: '*',
          Condition: region,
        },
      ],
    ],
    [
      'S3Deploy',
      [
        { Effect: 'Allow', Action: ['s3:Get*', 's3:Put*'], Resource: 'arn:aws:s3:::bank-site/www/*' },
        { Effect: 'Allow', Action: 's3:List*', Resource: 'arn:aws:s3:::bank-site' },
        { Effect: 'Deny', Action: 's3:Delete*', Resource: 'arn:aws:s3:::bank-site/*' },
      ],
    ],
    [
      'RdsDataRead',
      [
        { Effect: 'Allow', Action: 'rds-data:*', Resource: VALUES.DatabaseClusterArn },
        {
          Effect: 'Allow',
          Action: 'secretsmanager:GetSecretValue',
          Resource: VALUES.ReadingUserSecretArn,
        },
      ],
    ],
  ])('%s is proved to be within its purpose', (name, purpose) => {
    expect(within(policyOf(roles, `${name}Policy`), ...purpose)).toBe('within');
  });

  test.each<[string, string, string, Context, boolean]>([
    ['Ec2Read', 'ec2:DescribeInstances', '*', here, true],
    ['Ec2Read', 'ec2:DescribeInstances', '*', away, false],
    ['Ec2Read', 'ec2:DescribeInstances', '*', {}, false],
    ['Ec2Read', 'ec2:TerminateInstances', `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`, here, false],
    ['Ec2Read', 'ec2:GetPasswordData', `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`, here, false],
    ['MetricsRead', 'cloudwatch:GetMetricData', '*', here, true],
    ['MetricsRead', 'cloudwatch:PutMetricData', '*', here, false],
    ['MetricsRead', 'cloudwatch:DeleteAlarms', '*', here, false],
    ['S3Deploy', 's3:PutObject', file, {}, true],
    ['S3Deploy', 's3:GetObject', file, {}, true],
    ['S3Deploy', 's3:ListBucket', 'arn:aws:s3:::bank-site', { 's3:prefix': 'www/css' }, true],
    ['S3Deploy', 's3:ListBucket', 'arn:aws:s3:::bank-site', {}, false],
    ['S3Deploy', 's3:PutObject', 'arn:aws:s3:::bank-site/private/x', {}, false],
    ['S3Deploy', 's3:DeleteObject', file, {}, false],
    ['S3Deploy', 's3:DeleteObjectVersion', file, {}, false],
    ['S3Deploy', 's3:PutObjectAcl', file, {}, false],
    ['S3Deploy', 's3:PutBucketPolicy', 'arn:aws:s3:::bank-site', {}, false],
    ['RdsDataRead', 'rds-data:ExecuteStatement', VALUES.DatabaseClusterArn, {}, true],
    ['RdsDataRead', 'rds-data:BatchExecuteStatement', VALUES.DatabaseClusterArn, {}, false],
    ['RdsDataRead', 'secretsmanager:GetSecretValue', VALUES.ReadingUserSecretArn, {}, true],
    ['RdsDataRead', 'secretsmanager:GetSecretValue', `${VALUES.ReadingUserSecretArn}X`, {}, false],
    ['RdsDataRead', 'rds-data:ExecuteStatement', `${VALUES.DatabaseClusterArn}-2`, {}, false],
  ])('%s and %s on %s with %j: %s', (name, action, resource, context, expected) => {
    expect(may(policyOf(roles, `${name}Policy`), action, resource, context)).toBe(expected);
  });

  const ann: RequestPrincipal = { kind: 'aws', arn: VALUES.TrustedUserArn };
  const withMfa = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' };
  const named = { ...withMfa, 'sts:SourceIdentity': 'ann' };
  const NAMES = ['Ec2Read', 'MetricsRead', 'S3Deploy', 'RdsDataRead'];

  test.each<[string, RequestPrincipal, Context, boolean]>([
    ['the user with MFA of now, and a name', ann, named, true],
    ['without MFA', ann, { 'sts:SourceIdentity': 'ann' }, false],
    ['MFA that is said not to be there', ann, { ...named, 'aws:MultiFactorAuthPresent': 'false' }, false],
    ['MFA of a quarter of an hour ago', ann, { ...named, 'aws:MultiFactorAuthAge': '900' }, false],
    ['MFA without an age', ann, { 'aws:MultiFactorAuthPresent': 'true', 'sts:SourceIdentity': 'ann' }, false],
    ['without a name', ann, withMfa, false],
    ['somebody else', { kind: 'aws', arn: `arn:aws:iam::${ACCOUNT}:user/bob` }, named, false],
    ['a role', { kind: 'aws', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/ann/x` }, named, false],
  ])('%s: opens each, or none', (_, principal, context, expected) => {
    for (const name of NAMES) {
      const trust = policyOf(roles, `${name}Role trust`);
      expect([name, mayOpen(trust, principal, 'sts:AssumeRole', context)]).toEqual([name, expected]);
    }
  });

  test('the name itself takes MFA too, and a session is tagged by nobody', () => {
    for (const name of NAMES) {
      const trust = policyOf(roles, `${name}Role trust`);
      expect(mayOpen(trust, ann, 'sts:SetSourceIdentity', named)).toBe(true);
      expect(mayOpen(trust, ann, 'sts:SetSourceIdentity', { 'sts:SourceIdentity': 'ann' })).toBe(false);
      expect(mayOpen(trust, ann, 'sts:TagSession', named)).toBe(false);
    }
  });

  test('each has one policy, which is its boundary, and the shortest life that a role can have', () => {
    const made = Object.entries(ROLES.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(made.map(([name]) => name)).toEqual(NAMES.map((name) => `${name}Role`));
    for (const [name, { Properties }] of made)
      expect([name, Properties]).toMatchObject([
        name,
        {
          MaxSessionDuration: 3600,
          ManagedPolicyArns: [{ Ref: name.replace(/Role$/, 'Policy') }],
          PermissionsBoundary: { Ref: name.replace(/Role$/, 'Policy') },
        },
      ]);
  });
});
