import { expect, test } from 'vitest';
import { parsePolicyValue } from '../../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../../policy/parse/policy-model.ts';
import { isWrittenWithin, writtenPolicies } from '../../../../policy/prove/same-or-less.ts';

type Written = Record<string, unknown>;
function policyOf(statements: readonly Written[], type: PolicyType): Policy {
  const parsed = parsePolicyValue({ Version: '2012-10-17', Statement: statements }, type);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.policy;
}
const allow = (elements: Written): Written => ({ Effect: 'Allow', ...elements });
const deny = (elements: Written): Written => ({ Effect: 'Deny', ...elements });

/** Whether policies of one layer are seen, by how they are written, to be within others. */
function isWithin(
  candidate: readonly Written[],
  reference: readonly Written[],
  type: PolicyType = 'identity',
) {
  const [ours, theirs] = [candidate, reference].map((statements) =>
    writtenPolicies([[policyOf(statements, type)]]),
  );
  if (!ours || !theirs) throw new Error('nothing was written');
  return isWrittenWithin(ours, theirs);
}

const [A, B] = ['arn:aws:s3:::a', 'arn:aws:s3:::b'];
const READ = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };
const WHERE = { StringEquals: { 'aws:PrincipalTag/t': ['a', 'b'] }, Bool: { 'aws:SecureTransport': 'true' } };

test.each<[string, Written, Written, boolean]>([
  ['itself', READ, READ, true],
  ['for one action of two', READ, { ...READ, Action: ['s3:PutObject', 'S3:getobject'] }, true],
  ['for two actions of one', { ...READ, Action: ['s3:PutObject', 's3:GetObject'] }, READ, false],
  ['where the other is for every action', READ, { ...READ, Action: '*' }, true],
  ['where it is for every action itself', { ...READ, Action: '*' }, READ, false],
  ['for another resource', READ, { ...READ, Resource: 'arn:aws:s3:::b/*' }, false],
  ['for every resource', { ...READ, Resource: '*' }, READ, false],
  [
    'for all but two resources',
    { Action: 's3:*', NotResource: [A, B] },
    { Action: 's3:*', NotResource: A },
    true,
  ],
  ['for all but one', { Action: 's3:*', NotResource: A }, { Action: 's3:*', NotResource: [A, B] }, false],
  ['for an action, and the other for all but it', READ, { NotAction: 's3:GetObject', Resource: '*' }, false],
  ['under the same conditions', { ...READ, Condition: WHERE }, { ...READ, Condition: WHERE }, true],
  [
    'under the same conditions in another order',
    { ...READ, Condition: WHERE },
    {
      ...READ,
      Condition: {
        Bool: { 'aws:SecureTransport': 'true' },
        StringEquals: { 'aws:PrincipalTag/t': ['b', 'a'] },
      },
    },
    true,
  ],
  ['under a condition that the other has not', { ...READ, Condition: WHERE }, READ, false],
  ['without its condition', READ, { ...READ, Condition: WHERE }, false],
])('one statement, %s', (_, narrow, wide, expected) => {
  expect(isWithin([allow(narrow)], [allow(wide)])).toBe(expected);
  // A Deny the other way round: who denies more allows less.
  const all = allow({ Action: '*', Resource: '*' });
  expect(isWithin([all, deny(wide)], [all, deny(narrow)])).toBe(expected);
});

test('of several statements each must stand there', () => {
  const write = { Action: 's3:PutObject', Resource: '*' };
  expect(isWithin([allow(READ)], [allow(write), allow(READ)])).toBe(true);
  expect(isWithin([allow(READ), allow(write)], [allow(write)])).toBe(false);
  expect(isWithin([allow(write), allow(READ)], [allow(READ), allow({ ...write, Action: 's3:*' })])).toBe(
    false,
  );
});

test('an Allow is not within a Deny, nor is a Deny needed of the reference', () => {
  expect(isWithin([allow(READ)], [deny(READ)])).toBe(false);
  expect(isWithin([allow(READ), deny({ Action: 's3:*', Resource: '*' })], [allow(READ)])).toBe(true);
  expect(isWithin([allow(READ)], [allow(READ), deny({ Action: 's3:*', Resource: '*' })])).toBe(false);
});

test('principals are compared as they are written, in any order', () => {
  const trusting = (...AWS: string[]) => allow({ Principal: { AWS }, Action: 'sts:AssumeRole' });
  const [alice, bob] = ['111111111111', '222222222222'] as const;
  expect(isWithin([trusting(alice, bob)], [trusting(bob, alice)], 'trust')).toBe(true);
  expect(isWithin([trusting(alice)], [trusting(bob)], 'trust')).toBe(false);
  expect(isWithin([trusting(alice)], [allow({ Principal: '*', Action: 'sts:AssumeRole' })], 'trust')).toBe(
    false,
  );
  // A trust policy has no resource: it is about its role, and nothing else.
  expect(isWithin([trusting(alice)], [trusting(alice)], 'trust')).toBe(true);
});

test('some layer of the candidate is within each layer of the reference', () => {
  const write = { Action: 's3:PutObject', Resource: '*' };
  const layers = (...statements: Written[]) =>
    writtenPolicies(statements.map((statement) => [policyOf([statement], 'identity')]));
  expect(isWrittenWithin(layers(allow(READ), allow(write)), layers(allow(write)))).toBe(true);
  expect(isWrittenWithin(layers(allow(READ), allow(write)), layers(allow(write), allow(READ)))).toBe(true);
  expect(isWrittenWithin(layers(allow(READ)), layers(allow(READ), allow(write)))).toBe(false);
});
