import { describe, expect, it } from 'vitest';
import {
  couldFitBoth,
  fitsEntry,
  sharesTokensWith,
} from '../../../lambdas/shared/domain/identity/sign-in/match-sign-in.ts';
import {
  type SignInEntry,
  signInEntrySchema,
} from '../../../lambdas/shared/domain/identity/sign-in/sign-in-entry.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const CLUSTER = 'https://oidc.eks.eu-central-1.amazonaws.com/id/ABC';
const claims = (wanted: Record<string, string | string[]>, issuer = GITHUB): SignInEntry =>
  signInEntrySchema.parse({ issuer, claims: wanted });
const subject = (name: string, issuer = GITHUB): SignInEntry =>
  signInEntrySchema.parse({ issuer, subject: name });

/** As GitHub and a cluster make them. */
const OF_GITHUB = {
  issuer: GITHUB,
  claims: {
    sub: 'repo:bank/agent:ref:refs/heads/main',
    repository: 'bank/agent',
    repository_id: '74',
    ref: 'refs/heads/main',
    run_attempt: '1',
  },
};
const OF_CLUSTER = {
  issuer: CLUSTER,
  claims: {
    sub: 'system:serviceaccount:support:agent',
    'kubernetes.io': { namespace: 'support', serviceaccount: { name: 'agent' } },
  },
};

describe('a token signs in', () => {
  it.each<[string, SignInEntry, boolean]>([
    ['as its subject', subject('repo:bank/agent:ref:refs/heads/main'), true],
    ['as no other subject', subject('repo:bank/agent:ref:refs/heads/mai'), false],
    ['as no subject of another issuer', subject(OF_GITHUB.claims.sub, CLUSTER), false],
    ['by claims that all fit', claims({ repository: 'bank/agent', ref: 'refs/heads/main' }), true],
    ['by no claims of which one does not', claims({ repository: 'bank/agent', ref: 'refs/heads/x' }), false],
    ['by a claim that is one of a list', claims({ ref: ['refs/heads/x', 'refs/heads/main'] }), true],
    ['by how a claim begins', claims({ sub: 'repo:bank/agent:*' }), true],
    ['by no beginning of another', claims({ sub: 'repo:bank/agents:*' }), false],
    ['by no claim that it lacks', claims({ environment: '*' }), false],
    ['by no name that every object has', claims({ constructor: '*' }), false],
    ['by nothing in another case', claims({ repository: 'Bank/agent' }), false],
  ])('%s', (_, entry, fits) => {
    expect(fitsEntry(entry, OF_GITHUB)).toBe(fits);
  });

  it('shaped as Kubernetes makes it, by its service account alone', () => {
    expect(fitsEntry(subject('system:serviceaccount:support:agent', CLUSTER), OF_CLUSTER)).toBe(true);
    expect(fitsEntry(claims({ sub: 'system:serviceaccount:support:*' }, CLUSTER), OF_CLUSTER)).toBe(true);
    expect(fitsEntry(claims({ sub: 'system:serviceaccount:sup:*' }, CLUSTER), OF_CLUSTER)).toBe(false);
    expect(fitsEntry(claims({ 'kubernetes.io': 'support' }, CLUSTER), OF_CLUSTER)).toBe(false);
  });

  it('by no claim that is a list, a number or a truth', () => {
    for (const value of [['a', 'b'], ['a'], 1, true, null, { a: 'a' }])
      expect(
        fitsEntry(claims({ team: ['a', '1', 'true'] }), { issuer: GITHUB, claims: { team: value } }),
      ).toBe(false);
  });
});

describe('two entries that one token could fit', () => {
  it.each<[string, SignInEntry, SignInEntry, boolean]>([
    ['the same subject', subject('a'), subject('a'), true],
    ['two subjects', subject('a'), subject('b'), false],
    ['the same subject of two issuers', subject('a'), subject('a', CLUSTER), false],
    ['a subject, and claims that do not name it', subject('a'), claims({ team: 'x' }), true],
    ['a subject, and its beginning', subject('app:main'), claims({ sub: 'app:*' }), true],
    ['a subject, and another beginning', subject('app:main'), claims({ sub: 'apps:*' }), false],
    ['two values of one claim', claims({ repository: 'a/b' }), claims({ repository: 'a/c' }), false],
    ['the same value', claims({ repository: 'a/b' }), claims({ repository: 'a/b', ref: 'x' }), true],
    ['lists that share one', claims({ ref: ['x', 'y'] }), claims({ ref: ['y', 'z'] }), true],
    ['lists that share none', claims({ ref: ['w', 'x'] }), claims({ ref: ['y', 'z'] }), false],
    ['claims of other names', claims({ repository: 'a/b' }), claims({ ref: 'x' }), true],
    ['a beginning within another', claims({ sub: 'app:*' }), claims({ sub: 'app:main:*' }), true],
    ['two beginnings', claims({ sub: 'app:a:*' }), claims({ sub: 'app:b:*' }), false],
    [
      'told apart by one claim of two',
      claims({ repository: 'a/b', ref: 'x' }),
      claims({ repository: 'a/b', ref: 'y' }),
      false,
    ],
  ])('%s', (_, left, right, shared) => {
    expect(couldFitBoth(left, right)).toBe(shared);
    expect(couldFitBoth(right, left)).toBe(shared);
  });

  it('name the other principal, and never oneself', () => {
    const single = { id: 'one', signIn: [subject('a'), subject('b')] };
    expect(sharesTokensWith(single, [single, { id: 'two', signIn: [subject('c')] }])).toBeUndefined();
    expect(sharesTokensWith(single, [{ id: 'two' }, { id: 'three', signIn: [subject('b')] }])).toBe('three');
  });
});

it.each([
  ['a pattern in the middle', { issuer: GITHUB, claims: { sub: 'repo:*:main' } }],
  ['no claim', { issuer: GITHUB, claims: {} }],
  ['an empty list', { issuer: GITHUB, claims: { sub: [] } }],
  ['a subject and claims', { issuer: GITHUB, subject: 'a', claims: { sub: 'a' } }],
  ['neither', { issuer: GITHUB }],
  ['no issuer', { subject: 'a' }],
  ['a claim that is no text', { issuer: GITHUB, claims: { admin: true } }],
  ['half a surrogate pair', { issuer: GITHUB, subject: '\ud800' }],
])('an entry with %s is none', (_, entry) => {
  expect(signInEntrySchema.safeParse(entry).success).toBe(false);
});
