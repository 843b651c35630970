import { expect, it, test } from 'vitest';
import { parseIssuers } from '../../../lambdas/shared/adapters/config/read-issuers.ts';
import { ConfigError } from '../../../lambdas/shared/domain/config-error.ts';
import { takenSubjects } from '../../../lambdas/shared/domain/identity/issuers.ts';
import { problemOfSignIn } from '../../../lambdas/shared/domain/identity/sign-in/problem-of-sign-in.ts';
import type { SignInEntry } from '../../../lambdas/shared/domain/identity/sign-in/sign-in-entry.ts';

const GITHUB = 'https://token.actions.githubusercontent.com';
const LOGIN = 'https://login.bank.example';
const SPIRE = 'https://spire.bank.example';
const config = parseIssuers(
  JSON.stringify({
    version: 1,
    issuers: [
      {
        name: 'github',
        issuer: GITHUB,
        signIn: { audiences: ['postern'] },
        claims: ['repository', 'repository_id', 'ref', 'environment'],
      },
      { name: 'login', issuer: LOGIN, signIn: { audiences: ['postern'] }, claims: ['employee_id'] },
      { name: 'spire', issuer: SPIRE, gateway: { audiences: ['gateway'] }, trustDomain: 'bank.example' },
      { name: 'app', issuer: 'https://app.example', subjects: { audiences: ['app'] } },
    ],
  }),
);
const problemOf = (entry: SignInEntry) => problemOfSignIn({ signIn: [entry] }, config);

it.each<[string, SignInEntry]>([
  ['a subject', { issuer: LOGIN, subject: 'auth0|5f7c' }],
  ['a claim that is listed', { issuer: LOGIN, claims: { employee_id: '00123' } }],
  ['a job of one repository', { issuer: GITHUB, subject: 'repo:bank/agent:environment:production' }],
  ['any job of one repository', { issuer: GITHUB, claims: { sub: 'repo:bank/agent:*' } }],
  ['any job of two', { issuer: GITHUB, claims: { sub: ['repo:bank/agent:*', 'repo:bank/other:*'] } }],
  [
    'a repository and a branch',
    { issuer: GITHUB, claims: { repository: 'bank/agent', ref: 'refs/heads/*' } },
  ],
  ['a workload', { issuer: SPIRE, subject: 'spiffe://bank.example/ns/support/sa/agent' }],
  ['workloads of a namespace', { issuer: SPIRE, claims: { sub: 'spiffe://bank.example/ns/support/*' } }],
])('%s may sign in', (_, entry) => {
  expect(problemOf(entry)).toBeUndefined();
});

it.each<[string, SignInEntry, RegExp]>([
  [
    'an issuer that is not listed',
    { issuer: 'https://evil.example', subject: 'a' },
    /lists for no signing in/,
  ],
  ['an issuer of subjects alone', { issuer: 'https://app.example', subject: 'a' }, /lists for no signing in/],
  ['an issuer that is only alike', { issuer: `${LOGIN}/`, subject: 'a' }, /lists for no signing in/],
  ['an address', { issuer: LOGIN, claims: { email: 'ada@bank.example' } }, /claims\.email .*users can write/],
  ['a name', { issuer: LOGIN, claims: { preferred_username: 'ada' } }, /users can write/],
  ['an attribute of Cognito', { issuer: LOGIN, claims: { 'custom:id': '7' } }, /users can write/],
  ['a pull request’s branch', { issuer: GITHUB, claims: { head_ref: 'main' } }, /users can write/],
  ['an audience', { issuer: LOGIN, claims: { aud: 'postern' } }, /about the token/],
  ['a claim that is not listed', { issuer: LOGIN, claims: { team: 'x' } }, /not among the claims/],
  ['a branch of any repository', { issuer: GITHUB, claims: { ref: 'refs/heads/main' } }, /its repository/],
  ['repositories by how they begin', { issuer: GITHUB, claims: { repository: 'bank/*' } }, /its repository/],
  ['a whole organisation', { issuer: GITHUB, claims: { sub: 'repo:bank/*' } }, /its repository/],
  [
    'two, of which one is too wide',
    { issuer: GITHUB, claims: { sub: ['repo:a/b:*', 'repo:*'] } },
    /repository/,
  ],
  ['everybody', { issuer: GITHUB, claims: { sub: '*' } }, /a pattern ends after/],
  [
    'repositories of the same beginning',
    { issuer: GITHUB, claims: { sub: 'repo:bank/agent*' } },
    /ends after/,
  ],
  ['a subject of GitHub that is no job', { issuer: GITHUB, subject: 'bank/agent' }, /its repository/],
  ['every workload', { issuer: SPIRE, claims: { sub: 'spiffe://bank.example/*' } }, /a first step/],
])('%s may not', (_, entry, problem) => {
  expect(problemOf(entry)).toMatch(/^signIn\[0\] /);
  expect(problemOf(entry)).toMatch(problem);
  for (const value of Object.values('claims' in entry ? entry.claims : {}).flat())
    if (value.length > 6) expect(problemOf(entry)).not.toContain(value);
});

test.each([
  ['{', /is not JSON/],
  ['{"version":1,"issuers":[{"name":"a","issuer":"http://login.example"}]}', /not reached over https/],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example","signIn":{}}]}',
    /neither audiences nor/,
  ],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example","signIn":{"audiences":["x"]},"subjects":{"audiences":["x"]}}]}',
    /the audience x has two purposes/,
  ],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example","signIn":{"clients":["x"]},"gateway":{"clients":["x"]}}]}',
    /the client x has two purposes/,
  ],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example","claims":["email"]}]}',
    /users can write/,
  ],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example"},{"name":"a","issuer":"https://b.example"}]}',
    /a is there twice/,
  ],
  [
    '{"version":1,"issuers":[{"name":"a","issuer":"https://a.example"},{"name":"b","issuer":"https://a.example"}]}',
    /https:\/\/a.example is there twice/,
  ],
])('issuers of %s stop the start', (text, problem) => {
  expect(() => parseIssuers(text)).toThrow(problem);
  expect(() => parseIssuers(text)).toThrow(ConfigError);
});

test('subject tokens are taken of the issuers that are listed for subjects, of any where none is listed at all', () => {
  expect(takenSubjects(config)).toEqual([{ issuer: 'https://app.example', audiences: ['app'] }]);
  expect(takenSubjects({ version: 1, issuers: [] })).toBeUndefined();
});
