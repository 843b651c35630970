/** An account in which something of each kind is planted; the parts of it can be taken out or replaced. */
export const policyDocument = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});
export const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

const ACCOUNT = '111122223333';
const arnOf = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const trust = (Principal: object, more: object = {}) =>
  policyDocument({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const OWN = trust({ AWS: ACCOUNT });

export const role = (RoleName: string, more: object = {}) => ({
  RoleName,
  Arn: arnOf('role', RoleName),
  Path: '/',
  CreateDate: '2026-06-01T00:00:00Z',
  AssumeRolePolicyDocument: OWN,
  RolePolicyList: [],
  AttachedManagedPolicies: [],
  RoleLastUsed: { LastUsedDate: '2026-11-28T00:00:00Z' },
  ...more,
});
export const inline = (PolicyName: string, document: object) => ({ PolicyName, PolicyDocument: document });

const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service';
const row = (user: string, cells: Readonly<Record<string, string>>): string =>
  COLUMNS.split(',')
    .map((column) => (column === 'user' ? user : (cells[column] ?? 'N/A')))
    .join(',');

/** What was collected of it, as `iam audit --from` reads it. */
export const COLLECTED = {
  version: 1,
  account: ACCOUNT,
  collectedAt: '2026-11-29T00:00:00Z',
  authorizationDetails: {
    UserDetailList: [
      {
        UserName: 'ann',
        Arn: arnOf('user', 'ann'),
        CreateDate: '2020-01-01T00:00:00Z',
        GroupList: ['makers'],
        UserPolicyList: [inline('own', policyDocument(allow('iam:PassRole', arnOf('role', 'deploy'))))],
        AttachedManagedPolicies: [],
      },
      {
        UserName: 'bob',
        Arn: arnOf('user', 'bob'),
        GroupList: [],
        UserPolicyList: [],
        AttachedManagedPolicies: [],
      },
    ],
    GroupDetailList: [
      {
        GroupName: 'makers',
        GroupPolicyList: [inline('make', policyDocument(allow('ec2:RunInstances')))],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [
      role('admin', {
        AssumeRolePolicyDocument: trust({ AWS: arnOf('user', 'ann') }),
        AttachedManagedPolicies: [
          { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        ],
      }),
      role('held', {
        AttachedManagedPolicies: [
          { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        ],
        PermissionsBoundary: { PermissionsBoundaryArn: arnOf('policy', 'boundary') },
      }),
      role('writer', {
        RolePolicyList: [
          inline(
            'queue',
            policyDocument(
              allow(['sqs:SendMessage', 'sqs:DeleteQueue'], 'arn:aws:sqs:eu-central-1:111122223333:q'),
              allow('sns:Publish', 'arn:aws:sns:eu-central-1:111122223333:t'),
            ),
          ),
        ],
      }),
      role('partner', { AssumeRolePolicyDocument: trust({ AWS: '444455556666' }) }),
      role('forgotten', { RoleLastUsed: {}, CreateDate: '2026-01-01T00:00:00Z' }),
    ],
    Policies: [
      {
        PolicyName: 'AdministratorAccess',
        Arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        DefaultVersionId: 'v1',
        PolicyVersionList: [
          { VersionId: 'v1', IsDefaultVersion: true, Document: policyDocument(allow('*')) },
        ],
      },
      {
        PolicyName: 'boundary',
        Arn: arnOf('policy', 'boundary'),
        DefaultVersionId: 'v2',
        PolicyVersionList: [
          { VersionId: 'v1', Document: policyDocument(allow('*')) },
          {
            VersionId: 'v2',
            // As the API answers it.
            Document: encodeURIComponent(
              JSON.stringify(policyDocument(allow('s3:GetObject', 'arn:aws:s3:::b/*'))),
            ),
          },
        ],
      },
    ],
  },
  credentialReport: [
    COLUMNS,
    row('<root_account>', { mfa_active: 'true' }),
    row('ann', {
      user_creation_time: '2020-01-01T00:00:00+00:00',
      password_enabled: 'true',
      password_last_used: '2026-01-01T00:00:00+00:00',
      mfa_active: 'false',
      access_key_1_active: 'true',
      access_key_1_last_rotated: '2026-01-01T00:00:00+00:00',
      access_key_1_last_used_date: '2026-11-28T00:00:00+00:00',
    }),
    row('bob', { password_enabled: 'false', mfa_active: 'false', access_key_1_active: 'false' }),
  ].join('\n'),
  accountSummary: { AccountMFAEnabled: 0, AccountAccessKeysPresent: 1 },
  passwordPolicy: null as object | null,
  analyzers: [{ type: 'ACCOUNT_UNUSED_ACCESS', status: 'ACTIVE' }],
  trails: [{ IsMultiRegionTrail: true, IsLogging: false }],
  serviceControlPolicies: [] as object[],
  resourceControlPolicies: [] as object[],
  lastAccessed: {
    [arnOf('role', 'writer')]: [
      {
        ServiceNamespace: 'sqs',
        LastAuthenticated: '2026-11-20T00:00:00Z',
        TrackedActionsLastAccessed: [
          { ActionName: 'SendMessage', LastAccessedTime: '2026-11-20T00:00:00Z' },
          { ActionName: 'DeleteQueue' },
        ],
      },
      { ServiceNamespace: 'sns' },
    ],
  },
};
