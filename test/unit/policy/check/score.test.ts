import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeReference, prove } from '../../../../policy/prove/prove.ts';
import { scorePolicies } from '../../../../policy/score/score-policies.ts';
import { policyOf } from '../../../support/policy/check-case.ts';

type Written = { readonly Effect?: string; readonly [element: string]: unknown };
const document = (...statements: readonly Written[]) => ({ Version: '2012-10-17', Statement: statements });
const scoreOf = (written: object, type: 'identity' | 'resource' | 'trust' = 'identity') =>
  scorePolicies([[policyOf(written, type)]], type) ?? Number.NaN;

const ACTIONS = [
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  'iam:*',
  'iam:Put*',
  'iam:PassRole',
  'kms:Decrypt',
  'lambda:*',
];
const RESOURCES = [
  '*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::b/*',
  'arn:aws:iam::*:role/*',
  'arn:aws:iam::*:role/a',
];
const CONDITIONS = [
  {},
  { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
  { StringNotEquals: { 'aws:PrincipalTag/team': 'a' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Null: { 'aws:SourceVpc': 'false' } },
];

const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    actions: fc.tuple(
      fc.constantFrom('Action', 'Action', 'NotAction'),
      fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 3 }),
    ),
    resources: fc.tuple(
      fc.constantFrom('Resource', 'Resource', 'NotResource'),
      fc.uniqueArray(fc.constantFrom(...RESOURCES), { minLength: 1, maxLength: 2 }),
    ),
    Condition: fc.constantFrom(...CONDITIONS),
  })
  .map(({ Effect, actions: [action, named], resources: [resource, on], Condition }) => ({
    Effect,
    [action]: named,
    [resource]: on,
    Condition,
  }));
const policy = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((statements) => document(...statements));

const RUNS = Number(process.env.POSTERN_RUNS ?? 400);

describe('a score', () => {
  test('is never better for who is proved to be allowed more', () => {
    let within = 0;
    fc.assert(
      fc.property(policy, policy, (first, other) => {
        // Half of the pairs are made so that one is within the other.
        const wider = document(
          ...other.Statement,
          ...first.Statement.filter(({ Effect }) => Effect === 'Allow'),
        );
        for (const candidate of [other, wider]) {
          const reference = makeReference([[policyOf(candidate)]]);
          if (prove([[policyOf(first)]], reference, { steps: 5_000 }).verdict !== 'within') continue;
          within += 1;
          expect(scoreOf(first)).toBeGreaterThanOrEqual(scoreOf(candidate));
        }
      }),
      { numRuns: RUNS },
    );
    expect(within).toBeGreaterThan(RUNS / 4);
  });

  test('is not lowered by a Deny', () => {
    fc.assert(
      fc.property(policy, statement, (first, more) => {
        const denied = document(...first.Statement, { ...more, Effect: 'Deny' });
        expect(scoreOf(denied)).toBeGreaterThanOrEqual(scoreOf(first));
      }),
      { numRuns: RUNS },
    );
  });

  test('is the same for two ways of writing', () => {
    const everything = document({ Effect: 'Allow', Action: '*', Resource: '*' });
    expect(scoreOf(everything)).toBe(0);
    expect(scoreOf(document({ Effect: 'Allow', Action: ['*'], Resource: ['*'] }))).toBe(0);
    expect(scoreOf(document({ Effect: 'Allow', NotAction: 'a2c:Nothing', Resource: '*' }))).toBe(0);
  });

  test('is the best for what names its resources, and falls with what it leaves open', () => {
    const named = document({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' });
    const reading = document({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' });
    const writing = document({
      Effect: 'Allow',
      Action: ['s3:Get*', 's3:Put*', 's3:Delete*'],
      Resource: '*',
    });
    const scores = [named, reading, writing].map((first) => scoreOf(first));
    expect(scores[0]).toBe(100);
    expect([...scores].sort((first, other) => other - first)).toEqual(scores);
    expect(new Set(scores).size).toBe(3);
  });

  test('counts boundaries', () => {
    const layers = [
      [policyOf(document({ Effect: 'Allow', Action: '*', Resource: '*' }))],
      [
        policyOf(
          document({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }),
          'boundary',
        ),
      ],
    ];
    expect(scorePolicies(layers, 'identity')).toBe(100);
  });

  test('of a resource’s policy falls with what strangers may do', () => {
    const to = (Principal: unknown, Action: string, more = {}) =>
      document({ Effect: 'Allow', Principal, Action, Resource: 'arn:aws:s3:::b/*', ...more });
    const own = scoreOf(to({ AWS: '111122223333' }, 's3:*'), 'resource');
    const tied = scoreOf(
      to('*', 's3:*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o' } } }),
      'resource',
    );
    const open = scoreOf(to('*', 's3:GetObject'), 'resource');
    const wide = scoreOf(to('*', 's3:*'), 'resource');
    expect(own).toBe(100);
    expect(open).toBeLessThan(own);
    expect(wide).toBeLessThan(open);
    expect(tied).toBeLessThanOrEqual(own);
  });

  test('of a trust falls where anybody may become the role', () => {
    const to = (Principal: unknown) => document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
    expect(scoreOf(to({ AWS: '111122223333' }), 'trust')).toBe(100);
    expect(scoreOf(to('*'), 'trust')).toBeLessThan(50);
  });
});
