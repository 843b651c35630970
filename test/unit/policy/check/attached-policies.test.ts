import { describe, expect, test } from 'vitest';
import { accountOf } from '../../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../../clients/iam/account/collected-account.ts';
import { auditAccount } from '../../../../policy/audit/audit-account.ts';
import type { Surroundings } from '../../../../policy/check/check.ts';
import { checkPolicy } from '../../../../policy/check/check-policy.ts';
import { data, policyOf } from '../../../support/policy/check-case.ts';
import { allow, COLLECTED, inline, policyDocument, role } from '../../../support/policy/collected-account.ts';

const ofAws = (name: string, partition = 'aws') => `arn:${partition}:iam::aws:policy/${name}`;
const OWN = 'arn:aws:iam::123456789012:policy/team';

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const attach = (Condition: object = {}, Action: string | string[] = 'iam:AttachUserPolicy') => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  Condition,
});
const equals = (...arns: readonly string[]) => ({ ArnEquals: { 'iam:PolicyARN': arns } });

/** Each way that is told, with its severity. */
const pathsOf = (written: object, around: Partial<Surroundings> = {}) =>
  checkPolicy({ name: 'p', type: 'identity', text: JSON.stringify(written) }, { data, ...around })
    .findings.filter(({ id }) => id.startsWith('P'))
    .map(({ id, severity }) => `${id} ${severity}`);

describe('attaching a policy, limited to', () => {
  test.each<[string, object, string[]]>([
    ['nothing', {}, ['P38 critical']],
    ['one that only reads', equals(ofAws('ReadOnlyAccess')), []],
    ['several that only read', equals(ofAws('ReadOnlyAccess'), ofAws('SecurityAudit')), []],
    ['one that only reads, as a text', { StringEquals: { 'iam:PolicyARN': ofAws('ReadOnlyAccess') } }, []],
    ['one that only reads, in China', equals(ofAws('ReadOnlyAccess', 'aws-cn')), []],
    ['one that only reads, by a pattern', { ArnLike: { 'iam:policyarn': ofAws('ReadOnlyAcces?') } }, []],
    ['administration', equals(ofAws('AdministratorAccess')), ['P38 critical']],
    ['administration, in China', equals(ofAws('AdministratorAccess', 'aws-cn')), ['P38 critical']],
    ['one of two', equals(ofAws('ReadOnlyAccess'), ofAws('AdministratorAccess')), ['P38 critical']],
    ['all that AWS has', { ArnLike: { 'iam:PolicyARN': ofAws('*') } }, ['P38 critical']],
    ['all but one', { ArnNotEquals: { 'iam:PolicyARN': ofAws('AdministratorAccess') } }, ['P38 critical']],
    ['one that escalates less', equals(ofAws('AWSLambda_FullAccess')), ['P38 high']],
    ['one of the account', equals(OWN), ['P38 medium']],
    ['one that nobody knows', equals(ofAws('MadeTomorrow')), ['P38 medium']],
    [
      'one that only reads, where it is named',
      { ArnEqualsIfExists: { 'iam:PolicyARN': ofAws('ReadOnlyAccess') } },
      [],
    ],
    ['calls that name none, of which there are none', { Null: { 'iam:PolicyARN': 'true' } }, []],
  ])('%s', (_, condition, expected) => {
    expect(pathsOf(document(attach(condition)))).toEqual(expected);
  });

  test('what it depends on is told', () => {
    const [finding] = checkPolicy(
      { name: 'p', type: 'identity', text: JSON.stringify(document(attach(equals(OWN)))) },
      { data },
    ).findings.filter(({ id }) => id === 'P38');
    expect(finding?.detail).toContain(`what ${OWN} allows is not known here`);
    expect(finding?.request).toMatchObject({ action: 'iam:AttachUserPolicy' });
  });

  test('one that only reads, by a Deny of all others, in the policy or above it', () => {
    const others = {
      Effect: 'Deny',
      Action: 'iam:Attach*Policy',
      Resource: '*',
      Condition: { ArnNotEquals: { 'iam:PolicyARN': ofAws('ReadOnlyAccess') } },
    };
    expect(pathsOf(document(attach(), others))).toEqual([]);
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
    const limits = [[policyOf(document(everything, others), 'scp')]];
    expect(pathsOf(document(attach()), { limits })).toEqual([]);
  });

  test.each([
    ['iam:AttachRolePolicy', 'P39'],
    ['iam:AttachGroupPolicy', 'P40'],
  ])('one, with %s', (action, id) => {
    expect(pathsOf(document(attach(equals(ofAws('ReadOnlyAccess')), action)))).toEqual([]);
    expect(pathsOf(document(attach(equals(ofAws('IAMFullAccess')), action)))).toEqual([`${id} critical`]);
  });

  test('one that only reads, for another that is then become', () => {
    const rest = { Effect: 'Allow', Action: ['sts:AssumeRole', 'iam:CreateAccessKey'], Resource: '*' };
    const both = ['iam:AttachRolePolicy', 'iam:AttachUserPolicy'];
    const ids = (condition: object) =>
      pathsOf(document(attach(condition, both), rest)).map((told) => told.split(' ')[0]);
    expect(ids({})).toEqual(expect.arrayContaining(['P38', 'P39', 'P44', 'P45']));
    const limited = ids(equals(ofAws('ReadOnlyAccess')));
    expect(limited.filter((id) => ['P38', 'P39', 'P44', 'P45'].includes(id ?? ''))).toEqual([]);
    // Becoming somebody is a way of its own.
    expect(limited).toContain('P65');
  });
});

describe('a policy of the account', () => {
  const create = (Resource: string) => ({ Effect: 'Allow', Action: 'iam:CreatePolicy', Resource });
  test('that the caller can write itself is as grave as any', () => {
    expect(pathsOf(document(attach(equals(OWN)), create('*')))).toContain('P38 critical');
    expect(pathsOf(document(attach(equals(OWN)), create(OWN)))).toContain('P38 critical');
    expect(pathsOf(document(attach(equals(OWN)), create(`${OWN}-other`)))).toEqual(['P38 medium']);
    // AWS's own are nobody's to write.
    expect(pathsOf(document(attach(equals(ofAws('ReadOnlyAccess'))), create('*')))).toEqual([]);
  });

  const given = (...statements: readonly object[]) => ({
    managed: new Map([[OWN, policyOf(document(...statements))]]),
  });
  test('that was given is judged by what it opens', () => {
    const reads = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    expect(pathsOf(document(attach(equals(OWN))), given(reads))).toEqual([]);
    const passes = { Effect: 'Allow', Action: ['iam:PassRole', 'glue:CreateDevEndpoint'], Resource: '*' };
    expect(pathsOf(document(attach(equals(OWN))), given(passes))).toEqual(['P38 high']);
    // It attaches itself: what it opens is not asked for ever.
    expect(pathsOf(document(attach(equals(OWN))), given(attach(equals(OWN))))).toEqual(['P38 medium']);
  });

  test.each<[string, string, string[]]>([
    ['reads', 's3:GetObject', []],
    ['does everything', '*', ['P39 critical']],
    ['nobody can read', '', ['P39 medium']],
    ['is not there', 'none', []],
  ])('is looked up by an audit: one that %s', (_, action, expected) => {
    const Document = action === '' ? 'no JSON' : policyDocument(allow(action));
    const PolicyVersionList = [{ VersionId: 'v1', IsDefaultVersion: true, Document }];
    const Policies = action === 'none' ? [] : [{ PolicyName: 'team', Arn: OWN, PolicyVersionList }];
    const statement = allow('iam:AttachRolePolicy', '*', { Condition: equals(OWN) });
    const RoleDetailList = [role('r', { RolePolicyList: [inline('a', policyDocument(statement))] })];
    const collected = collectedSchema.parse({
      ...COLLECTED,
      authorizationDetails: { RoleDetailList, Policies },
    });
    const { principals } = auditAccount(accountOf(collected, data), { breakGlass: [] }, data);
    expect(principals[0]?.escalations.map(({ id, severity }) => `${id} ${severity}`)).toEqual(expected);
  });
});
