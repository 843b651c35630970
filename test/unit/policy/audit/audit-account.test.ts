import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../../clients/iam/account/collected-account.ts';
import { ACCOUNT_CHECKS } from '../../../../policy/account/account-checks.ts';
import { auditAccount } from '../../../../policy/audit/audit-account.ts';
import { rightSize } from '../../../../policy/right-size/right-size.ts';
import { data, policyOf } from '../../../support/policy/check-case.ts';
import { allow, COLLECTED, policyDocument, role } from '../../../support/policy/collected-account.ts';

const audit = (collected: object, breakGlass: readonly RegExp[] = []) =>
  auditAccount(accountOf(collectedSchema.parse(collected), data), { breakGlass }, data);
const whole = audit(COLLECTED);
const idsOf = (subject: string, { findings } = whole) =>
  findings.filter(({ policy }) => policy === subject).map(({ id }) => id);
const audited = (name: string, { principals } = whole) => {
  const found = principals.find((entry) => entry.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const withRoles = (...roles: readonly object[]) => ({
  ...COLLECTED,
  authorizationDetails: { ...COLLECTED.authorizationDetails, UserDetailList: [], RoleDetailList: roles },
});

describe('what is planted is found', () => {
  test('of users and their credentials', () => {
    expect(idsOf('ann')).toEqual(expect.arrayContaining(['A03', 'A04', 'A05', 'A06']));
    expect(idsOf('bob')).toEqual([]);
  });

  test('of the account', () => {
    expect(idsOf('root')).toEqual(['A01', 'A02']);
    expect(idsOf('account')).toEqual(['A11', 'A12', 'A13', 'A15']);
  });

  test('administrators, but who is held by a boundary or is for emergencies', () => {
    expect(idsOf('admin')).toContain('A07');
    expect(idsOf('held')).not.toContain('A07');
    expect(idsOf('admin', audit(COLLECTED, [/^admin$/]))).not.toContain('A07');
  });

  test('unused roles, services and actions', () => {
    expect(idsOf('forgotten')).toContain('A08');
    expect(idsOf('writer')).toEqual(expect.arrayContaining(['A09', 'A10']));
  });

  test('CloudShell', () => {
    const attached = [
      { PolicyName: 'AWSCloudShellFullAccess', PolicyArn: 'arn:aws:iam::aws:policy/AWSCloudShellFullAccess' },
    ];
    const found = audit(withRoles(role('shell', { AttachedManagedPolicies: attached })));
    expect(idsOf('shell', found)).toContain('A14');
    expect(audited('shell', found)).toMatchObject({ unreadPolicies: ['AWSCloudShellFullAccess'] });
    expect(audited('shell', found).score).toBeUndefined();
  });

  test('a trust of another account without an external id', () => {
    expect(idsOf('role/partner/trust')).toEqual(expect.arrayContaining(['T02']));
    expect(idsOf('role/writer/trust')).toEqual([]);
  });

  test('an escalation by two policies, of which one is a group’s', () => {
    expect(audited('ann').escalations.map(({ id }) => id)).toContain('P16');
    expect(audited('held').escalations).toEqual([]);
    expect(audited('admin').score).toBe(0);
    expect(whole.principals[0]?.name).toBe('admin');
    expect(whole.score).toBe(0);
  });

  test('every check of an account has something to find here', () => {
    const found = new Set(whole.findings.map(({ id }) => id));
    const planted = ACCOUNT_CHECKS.map(({ id }) => id).filter((id) => id !== 'A14');
    expect(planted.filter((id) => !found.has(id))).toEqual([]);
  });
});

test('an account in order has none of it', () => {
  const { findings } = audit({
    ...withRoles(
      role('help', {
        AttachedManagedPolicies: [
          { PolicyName: 'AWSSupportAccess', PolicyArn: 'arn:aws:iam::aws:policy/AWSSupportAccess' },
        ],
      }),
    ),
    credentialReport: COLLECTED.credentialReport.split('\n').slice(0, 2).join('\n'),
    accountSummary: { AccountMFAEnabled: 1, AccountAccessKeysPresent: 0 },
    passwordPolicy: { MinimumPasswordLength: 14, PasswordReusePrevention: 24 },
    analyzers: [{ type: 'ACCOUNT', status: 'ACTIVE' }],
    trails: [{ IsMultiRegionTrail: true, IsLogging: true }],
  });
  expect(findings.map(({ id }) => id)).toEqual([]);
});

test('what was not collected is named, and nothing is made up for it', () => {
  const { credentialReport: _, lastAccessed: __, ...less } = COLLECTED;
  const found = audit({ ...less, gaps: { credentialReport: 'AccessDenied: iam:GetCredentialReport' } });
  const gaps = new Map(found.notAssessed.map(({ id, why }) => [id, why]));
  expect([...gaps.keys()]).toEqual(['A03', 'A04', 'A05', 'A09', 'A10']);
  expect(gaps.get('A03')).toBe('AccessDenied: iam:GetCredentialReport');
  expect(found.findings.map(({ id }) => id)).not.toContain('A03');
  expect(audited('writer', found).uses.every(({ state }) => state === 'not knowable')).toBe(true);
});

describe('service control policies', () => {
  const scp = (...statements: readonly object[]) => ({
    ...COLLECTED,
    serviceControlPolicies: [{ Name: 'scp', Content: JSON.stringify(policyDocument(...statements)) }],
  });

  test('that only deny leave the rest allowed', () => {
    const found = audit(scp({ Effect: 'Deny', Action: 'ec2:*', Resource: '*' }));
    expect(audited('ann', found).escalations.map(({ id }) => id)).not.toContain('P16');
    expect(audited('admin', found).escalations.map(({ id }) => id)).toContain('P35');
    expect(idsOf('admin', found)).not.toContain('A07');
  });

  test('that allow some deny the rest', () => {
    const found = audit(scp(allow('s3:*')));
    const ids = audited('admin', found).escalations.map(({ id }) => id);
    // What S3 itself shares and hands out.
    expect(ids).toEqual(['P66', 'P70']);
  });
});

describe('used, unused, not knowable', () => {
  const states = (name: string) =>
    Object.fromEntries(audited(name).uses.map(({ what, state }) => [what, state]));

  test('are told by service and by action', () => {
    expect(states('writer')).toEqual({
      sns: 'unused',
      'sqs:DeleteQueue': 'unused',
      'sqs:SendMessage': 'used',
    });
    expect(states('ann')).toEqual({ ec2: 'not knowable', iam: 'not knowable' });
  });

  test('only what is unused is taken out, and what is used stays allowed', () => {
    const written = COLLECTED.authorizationDetails.RoleDetailList[2]?.RolePolicyList as {
      PolicyDocument: object;
    }[];
    const before = written.map(({ PolicyDocument }) => policyOf(PolicyDocument));
    const sized = rightSize(before, audited('writer').uses, data);
    if (!sized || 'whyNot' in sized) throw new Error('nothing is suggested');
    expect(sized.removed).toEqual(['sqs:DeleteQueue', 'sns:Publish']);
    const actions = sized.policies.flatMap(({ statements }) =>
      statements.flatMap((entry) => entry.actions.items.map(({ text }) => text)),
    );
    expect(actions).toEqual(['sqs:SendMessage']);
  });

  test('a wildcard is replaced by what is left of it; a star is left alone', () => {
    const uses = [
      { what: 'sqs:DeleteQueue', state: 'unused', why: '' },
      { what: 'sqs:SendMessage', state: 'used', why: '' },
    ] as const;
    const sized = rightSize([policyOf(policyDocument(allow(['sqs:Send*', 'sqs:DeleteQ*'])))], uses, data);
    if (!sized || 'whyNot' in sized) throw new Error('nothing is suggested');
    expect(sized.policies[0]?.statements[0]?.actions.items.map(({ text }) => text)).toEqual(['sqs:Send*']);
    expect(rightSize([policyOf(policyDocument(allow('*')))], uses, data)).toBeUndefined();
  });
});
