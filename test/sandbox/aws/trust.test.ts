import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoleSpec } from '../../../sandbox/template/types.ts';
import { callQuery, codeIn, type Keys } from './signed-call.ts';
import {
  ACCOUNT,
  allow,
  document,
  role,
  roleArn,
  type Small,
  startSmall,
  userArn,
} from './small-endpoint.ts';

const trust = (Principal: object, Action: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...(Condition && { Condition }),
});
const ACCOUNT_ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const ALL_THREE = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

const ROLES: RoleSpec[] = [
  role('by-account', document(trust(ACCOUNT_ROOT, 'sts:AssumeRole')), allow('sts:*')),
  role('by-name', document(trust({ AWS: userArn('poor') }, 'sts:AssumeRole'))),
  role('open', document(trust(ACCOUNT_ROOT, ALL_THREE)), allow('sts:*')),
  role(
    'identified',
    document(
      trust(ACCOUNT_ROOT, ['sts:AssumeRole', 'sts:TagSession'], {
        StringEquals: { 'sts:SourceIdentity': 'ada' },
      }),
      trust(ACCOUNT_ROOT, 'sts:SetSourceIdentity'),
    ),
  ),
  role('unidentified', document(trust(ACCOUNT_ROOT, 'sts:AssumeRole'))),
  role(
    'external',
    document(trust(ACCOUNT_ROOT, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'partner-1' } })),
  ),
  role(
    'named',
    document(
      trust(ACCOUNT_ROOT, 'sts:AssumeRole', { StringLike: { 'sts:RoleSessionName': '${aws:username}-*' } }),
    ),
  ),
  role(
    'tagged',
    document(trust(ACCOUNT_ROOT, 'sts:AssumeRole', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } })),
  ),
  role(
    'refusing',
    document(trust(ACCOUNT_ROOT, 'sts:AssumeRole'), {
      ...trust({ AWS: userArn('rich') }, 'sts:AssumeRole'),
      Effect: 'Deny',
    }),
  ),
];

let small: Small;
let rich: Keys;
let poor: Keys;
beforeAll(async () => {
  small = await startSmall({ roles: ROLES });
  rich = small.user('rich', [allow('sts:*')]);
  poor = small.user('poor', []);
});
afterAll(() => small.aws.close());

const assume = (keys: Keys, name: string, more: Record<string, string> = {}) =>
  callQuery(small.aws.url, keys, 'sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn(name),
    RoleSessionName: 'rich-1',
    ...more,
  });
const tag = (Key: string, Value: string, n = 1) => ({
  [`Tags.member.${n}.Key`]: Key,
  [`Tags.member.${n}.Value`]: Value,
});

async function session(keys: Keys, name: string, more: Record<string, string> = {}): Promise<Keys> {
  const { xml } = await assume(keys, name, more);
  const read = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(xml)?.[1] ?? '';
  return {
    accessKeyId: read('AccessKeyId'),
    secretAccessKey: read('SecretAccessKey'),
    sessionToken: read('SessionToken'),
  };
}

describe('a trust policy', () => {
  test('that names the account leaves it to identity policies', async () => {
    expect((await assume(rich, 'by-account')).status).toBe(200);
    expect(codeIn((await assume(poor, 'by-account')).xml)).toBe('AccessDenied');
  });
  test('that names the caller is enough within the account', async () => {
    expect((await assume(poor, 'by-name')).status).toBe(200);
    expect(codeIn((await assume(rich, 'by-name')).xml)).toBe('AccessDenied');
  });
  test('that denies the caller wins over all else', async () => {
    expect((await assume(small.admin, 'refusing')).status).toBe(200);
    expect(codeIn((await assume(rich, 'refusing')).xml)).toBe('AccessDenied');
  });

  test.each<[string, string, Record<string, string>, Record<string, string>]>([
    ['an external id', 'external', { ExternalId: 'partner-1' }, { ExternalId: 'partner-2' }],
    ['a session name', 'named', {}, { RoleSessionName: 'ada-1' }],
    ['a source identity', 'identified', { SourceIdentity: 'ada' }, { SourceIdentity: 'bob' }],
    ['no tags where it trusts none', 'by-account', {}, tag('team', 'blue')],
    ['no source identity where it trusts none', 'unidentified', {}, { SourceIdentity: 'ada' }],
  ])('may ask for %s', async (_, name, right, wrong) => {
    expect((await assume(rich, name, right)).status).toBe(200);
    expect(codeIn((await assume(rich, name, wrong)).xml)).toBe('AccessDenied');
  });

  test("may ask for a tag of the caller's, and a session has those it was given", async () => {
    expect(codeIn((await assume(rich, 'tagged')).xml)).toBe('AccessDenied');
    const blue = await session(rich, 'open', tag('team', 'blue'));
    expect((await assume(blue, 'tagged')).status).toBe(200);
    const red = await session(rich, 'open', tag('team', 'red'));
    expect(codeIn((await assume(red, 'tagged')).xml)).toBe('AccessDenied');
  });
});

describe('a source identity', () => {
  test('stays the same down a chain, and cannot be changed', async () => {
    const ada = await session(rich, 'open', { SourceIdentity: 'ada' });
    expect((await assume(ada, 'open', { SourceIdentity: 'bob' })).status).toBe(403);
    expect((await assume(ada, 'open')).xml).toContain('<SourceIdentity>ada</SourceIdentity>');
    const further = await session(ada, 'open');
    expect((await assume(further, 'identified')).xml).toContain('<SourceIdentity>ada</SourceIdentity>');
  });
  test('that a session carries needs the permission at the next role too', async () => {
    const ada = await session(rich, 'open', { SourceIdentity: 'ada' });
    expect(codeIn((await assume(ada, 'unidentified')).xml)).toBe('AccessDenied');
  });
});

describe('the length of a session', () => {
  test.each<[string, string, boolean]>([
    ['a user', '7200', true],
    ["a user, beyond the role's own", '7201', false],
  ])('for %s: %s s', async (_, DurationSeconds, ok) => {
    const { status, xml } = await assume(rich, 'open', { DurationSeconds });
    expect([status, codeIn(xml)]).toEqual(ok ? [200, undefined] : [400, 'ValidationError']);
  });
  test('for a role session: an hour', async () => {
    const first = await session(rich, 'open');
    expect((await assume(first, 'open', { DurationSeconds: '3600' })).status).toBe(200);
    expect(codeIn((await assume(first, 'open', { DurationSeconds: '3601' })).xml)).toBe('ValidationError');
  });
});

describe('an input that STS refuses', () => {
  const policy = (value: unknown) => ({ Policy: JSON.stringify(value) });
  test.each<[string, Record<string, string>, string]>([
    ['a reserved tag key', tag('aws:team', 'x'), 'ValidationError'],
    ['a tag value of 257 characters', tag('team', 'x'.repeat(257)), 'ValidationError'],
    [
      '51 tags',
      Object.assign({}, ...Array.from({ length: 51 }, (_, n) => tag(`t${n}`, 'x', n + 1))),
      'ValidationError',
    ],
    ['a key twice', { ...tag('team', 'x', 1), ...tag('Team', 'y', 2) }, 'InvalidParameterValue'],
    ['an empty session policy', { Policy: '' }, 'ValidationError'],
    [
      'an effect there is not',
      policy({ Statement: [{ Effect: 'Maybe', Action: '*', Resource: '*' }] }),
      'MalformedPolicyDocument',
    ],
    [
      'a session policy with a principal',
      policy({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] }),
      'MalformedPolicyDocument',
    ],
    ['a member there is not', policy({ Statement: [], Note: 'x' }), 'MalformedPolicyDocument'],
    ['a session name of 65 characters', { RoleSessionName: 'x'.repeat(65) }, 'ValidationError'],
    ['a duration that is no number', { DurationSeconds: 'long' }, 'ValidationError'],
    [
      'a narrowing that the sandbox does not know',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      'ValidationError',
    ],
  ])('%s', async (_, more, code) => {
    const { status, xml } = await assume(rich, 'open', more);
    expect([status, codeIn(xml)]).toEqual([400, code]);
  });
  test('an operation it has not', async () => {
    const { xml } = await callQuery(small.aws.url, rich, 'sts', { Action: 'GetFederationToken' });
    expect(codeIn(xml)).toBe('InvalidAction');
  });
});
