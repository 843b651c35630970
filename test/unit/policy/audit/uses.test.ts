import { describe, expect, test } from 'vitest';
import type { SeenCall } from '../../../../policy/account/account.ts';
import { actionOfEvent } from '../../../../policy/audit/action-of-event.ts';
import { type Traces, usesOf } from '../../../../policy/audit/uses-of.ts';
import { replayCalls } from '../../../../policy/right-size/replay-calls.ts';
import { rightSize } from '../../../../policy/right-size/right-size.ts';
import { data, policyOf } from '../../../support/policy/check-case.ts';
import { allow, policyDocument } from '../../../support/policy/collected-account.ts';

const ROLE = 'arn:aws:iam::111122223333:role/writer';
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:q';
const call = (what: string, more: Partial<SeenCall> = {}): SeenCall => ({
  ...{ principal: ROLE, what, resources: [QUEUE], region: 'eu-central-1', isAllowed: true, count: 5 },
  last: new Date('2026-11-20T00:00:00Z'),
  ...more,
});
const OLD = new Date('2026-01-01T00:00:00Z');
const NOW = new Date('2026-11-29T00:00:00Z');
const SEEN = { from: new Date('2026-09-01T00:00:00Z'), dataOf: new Set<string>() };

function uses(traces: Partial<Traces>, ...actions: readonly string[]) {
  const policy = policyOf(
    policyDocument(allow(actions.length > 0 ? actions : ['sqs:SendMessage', 'sqs:DeleteQueue'])),
  );
  const found = usesOf([policy], { created: OLD, collectedAt: NOW, ...traces }, data);
  return Object.fromEntries(found.map(({ what, state, why }) => [what, `${state}: ${why}`]));
}

describe('used, unused, not knowable, each with why', () => {
  const sqs = { service: 'sqs', lastUsed: NOW };

  test('a call that a trail shows is use, also where AWS follows the service as a whole; the rest is not known', () => {
    expect(uses({ services: [sqs], calls: [call('sqs:SendMessage')], seen: SEEN })).toEqual({
      'sqs:SendMessage': 'used: last on 2026-11-20, as a trail shows',
      'sqs:DeleteQueue':
        'not knowable: AWS follows the service only as a whole; a trail shows none since 2026-09-01, and logs no calls on its data',
    });
  });

  test('what was denied is no use of it', () => {
    const found = uses({
      calls: [call('sqs:SendMessage', { isAllowed: false })],
      services: [{ service: 'sqs' }],
    });
    expect(found.sqs).toMatch(/^unused: /);
  });

  test('a trail outweighs what AWS says was not used', () => {
    const services = [{ ...sqs, actions: [{ name: 'SendMessage' }, { name: 'DeleteQueue' }] }];
    expect(uses({ services, calls: [call('sqs:DeleteQueue')] })).toEqual({
      'sqs:SendMessage': 'unused: not once in what AWS keeps',
      'sqs:DeleteQueue': 'used: last on 2026-11-20, as a trail shows',
    });
  });

  test.each([
    [
      'too young',
      new Date('2026-11-01T00:00:00Z'),
      'not knowable: it was made 28 days ago, and 90 are the least to say',
    ],
    ['of an unknown age', undefined, 'not knowable: when it was made is not known'],
  ])('who is %s is not said to use nothing', (_, created, why) => {
    expect(uses({ created, services: [{ service: 'sqs' }] })).toEqual({ sqs: why });
  });

  test.each([
    ['iam:PassRole', { service: 'iam', lastUsed: NOW, actions: [] }, 'it is no call of its own'],
    [
      's3:GetObject',
      { service: 's3', lastUsed: NOW, actions: [{ name: 'PutBucketPolicy' }] },
      'AWS does not follow this action',
    ],
    ['s3:GetObject', { service: 'ec2' }, 'AWS does not follow this service'],
  ])('%s is not knowable', (action, service, why) => {
    expect(Object.values(uses({ services: [service] }, action))[0]).toContain(`not knowable: ${why}`);
  });

  test('calls whose event names no action are use of the service', () => {
    expect(uses({ calls: [call('apigateway')] }, 'apigateway:GET').apigateway).toMatch(
      /^used: .* name no action/,
    );
  });
});

test.each([
  ['s3.amazonaws.com', 'ListObjectsV2', 's3:ListBucket'],
  ['s3.amazonaws.com', 'GetBucketEncryption', 's3:GetEncryptionConfiguration'],
  ['lambda.amazonaws.com', 'Invoke', 'lambda:InvokeFunction'],
  ['lambda.amazonaws.com', 'CreateFunction20150331', 'lambda:CreateFunction'],
  ['lambda.amazonaws.com', 'GetFunctionConfiguration20150331v2', 'lambda:GetFunctionConfiguration'],
  ['cloudfront.amazonaws.com', 'CreateDistribution2020_05_31', 'cloudfront:CreateDistribution'],
  ['monitoring.amazonaws.com', 'PutMetricAlarm', 'cloudwatch:PutMetricAlarm'],
  ['apigateway.amazonaws.com', 'CreateRestApi', 'apigateway'],
  ['signin.amazonaws.com', 'ConsoleLogin', 'signin'],
  ['nothing.amazonaws.com', 'X', undefined],
])('the event %s %s is of %s', (source, name, action) => {
  expect(actionOfEvent({ source, name }, data)).toBe(action);
});

describe('a right-sized policy', () => {
  const before = [policyOf(policyDocument(allow(['sqs:SendMessage', 'sqs:DeleteQueue'], QUEUE)))];
  const unused = (what: string) => ({ what, state: 'unused' as const, why: '' });

  test('is replayed: what events tell suffices for some calls, and the proof stands for the others', () => {
    const calls = [
      call('sqs:SendMessage'),
      call('sqs:SendMessage', { resources: [] }),
      call('sqs:SendMessage', { isAllowed: false }),
    ];
    expect(rightSize(before, [unused('sqs:DeleteQueue')], data, { calls })).toMatchObject({
      removed: ['sqs:DeleteQueue'],
      replayed: { calls: 10, kinds: 2, evaluated: 1, proved: 1 },
    });
  });

  test('is not printed where it would take away what a call shows to be needed', () => {
    const calls = [call('sqs:DeleteQueue')];
    expect(rightSize(before, [unused('sqs:DeleteQueue')], data, { calls })).toEqual({
      whyNot: 'it could not be proved that sqs:DeleteQueue, which was used, stays allowed as it was',
    });
  });

  test('a replay by itself finds the call that is lost', () => {
    const after = [policyOf(policyDocument(allow('sqs:SendMessage', QUEUE)))];
    expect(replayCalls([call('sqs:DeleteQueue')], before, after, data)).toEqual({ lost: 'sqs:DeleteQueue' });
    expect(replayCalls([call('sqs:SendMessage')], before, after, data)).toMatchObject({ evaluated: 1 });
  });

  test('counts what others allow: a group’s policy stays', () => {
    const others = [policyOf(policyDocument(allow('sqs:DeleteQueue', QUEUE)))];
    const calls = [call('sqs:DeleteQueue')];
    expect(rightSize(before, [unused('sqs:DeleteQueue')], data, { others, calls })).toMatchObject({
      removed: ['sqs:DeleteQueue'],
    });
  });
});
