import { expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';
import type { PolicyLayers } from '../../../../policy/prove/rules/compile-policies.ts';

const ROLE = 'arn:aws:iam::123456789012:role/team/a';
const SESSION = 'arn:aws:sts::123456789012:assumed-role/a/s';

type Named = { readonly Principal: unknown } | { readonly NotPrincipal: unknown };
const aws = (name: unknown): Named => ({ Principal: { AWS: name } });

function policyOf(named: Named, Effect = 'Allow'): PolicyLayers {
  const Statement = [
    { Effect, ...named, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
    ...(Effect === 'Deny'
      ? [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }]
      : []),
  ];
  const parsed = parsePolicyValue({ Version: '2012-10-17', Statement }, 'resource');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals));
  return [[parsed.policy]];
}

/** Who a policy names, and whether that is within whom another names; else a principal that only the first names. */
const CASES: readonly [string, Named, Named, string][] = [
  ['everyone in everyone', { Principal: '*' }, aws('*'), 'within'],
  [
    'everyone in an account',
    { Principal: '*' },
    aws('123456789012'),
    'wider: AWS:arn:aws:iam::210987654321:role/somebody',
  ],
  ['an account in everyone', aws('123456789012'), { Principal: '*' }, 'within'],
  ['a role in its account', aws(ROLE), aws('arn:aws:iam::123456789012:root'), 'within'],
  ['a role in another account', aws(ROLE), aws('210987654321'), `wider: AWS:${ROLE}`],
  ['an account in a role', aws('123456789012'), aws(ROLE), 'wider'],
  ['a session in its role', aws(SESSION), aws(ROLE), 'within'],
  ['a session in its account', aws(SESSION), aws('123456789012'), 'within'],
  ['a role in its session', aws(ROLE), aws(SESSION), 'wider'],
  ['a session of another role', aws('arn:aws:sts::123456789012:assumed-role/ab/s'), aws(ROLE), 'wider'],
  ['a session of another account', aws('arn:aws:sts::210987654321:assumed-role/a/s'), aws(ROLE), 'wider'],
  ['a role of another path', aws('arn:aws:iam::123456789012:role/a'), aws(ROLE), 'wider'],
  [
    'a user in itself',
    aws('arn:aws:iam::123456789012:user/u'),
    aws(['arn:aws:iam::123456789012:user/u']),
    'within',
  ],
  [
    'a user in another',
    aws('arn:aws:iam::123456789012:user/u'),
    aws('arn:aws:iam::123456789012:user/v'),
    'wider',
  ],
  [
    'a service in itself',
    { Principal: { Service: 'a.amazonaws.com' } },
    { Principal: { Service: ['b.amazonaws.com', 'a.amazonaws.com'] } },
    'within',
  ],
  [
    'a service in another',
    { Principal: { Service: 'a.amazonaws.com' } },
    { Principal: { Service: 'b.amazonaws.com' } },
    'wider: Service:a.amazonaws.com',
  ],
  ['a service in everyone', { Principal: { Service: 'a.amazonaws.com' } }, { Principal: '*' }, 'within'],
  [
    'a canonical user in itself',
    { Principal: { CanonicalUser: 'c'.repeat(64) } },
    { Principal: { CanonicalUser: 'c'.repeat(64) } },
    'within',
  ],
  [
    'a canonical user in another',
    { Principal: { CanonicalUser: 'c'.repeat(64) } },
    { Principal: { CanonicalUser: 'd'.repeat(64) } },
    `wider: CanonicalUser:${'c'.repeat(64)}`,
  ],
  [
    'a provider in any provider',
    { Principal: { Federated: 'accounts.google.com' } },
    { Principal: { Federated: '*' } },
    'within',
  ],
  [
    'any provider in one',
    { Principal: { Federated: '*' } },
    { Principal: { Federated: 'accounts.google.com' } },
    'wider',
  ],
  [
    'a provider in itself',
    { Principal: { Federated: 'accounts.google.com' } },
    { Principal: { Federated: 'accounts.google.com' } },
    'within',
  ],
  ['a deleted principal in anybody', aws('AROAEXAMPLEEXAMPLEEX'), aws(ROLE), 'within'],
];

const said = (candidate: PolicyLayers, reference: PolicyLayers): string => {
  const answer = prove(candidate, makeReference(reference));
  if (answer.verdict === 'wider') return `wider: ${answer.request.principal}`;
  return answer.verdict === 'unknown' ? `unknown: ${answer.why}` : answer.verdict;
};

test.each(CASES)('%s', (_, candidate, reference, expected) => {
  const answer = said(policyOf(candidate), policyOf(reference));
  expect(answer.slice(0, expected.length)).toBe(expected);
  if (expected === 'wider') expect(answer).toMatch(/^wider: (AWS|Federated):/);
});

test('whom a Deny with NotPrincipal spares is not said to be within, nor to be denied, where it matters', () => {
  const everyone = policyOf({ Principal: '*' });
  const sparing = policyOf({ NotPrincipal: { AWS: ROLE } }, 'Deny');
  expect(said(sparing, everyone)).toBe('within');
  expect(said(everyone, sparing)).toMatch(/^(wider|unknown)/);
  expect(said(sparing, policyOf({ Principal: { AWS: ROLE } }))).toMatch(/^(within|unknown)/);
});
