import { expect, it } from 'vitest';
import { registeredArnOf } from '../../../lambdas/shared/http/caller-arn.ts';

it.each([
  ['arn:aws:sts::123456789012:assumed-role/agent/any-session', 'arn:aws:iam::123456789012:role/agent'],
  ['arn:aws-us-gov:sts::123456789012:assumed-role/agent/s1', 'arn:aws-us-gov:iam::123456789012:role/agent'],
  ['arn:aws:iam::123456789012:user/dept/ann', 'arn:aws:iam::123456789012:user/dept/ann'],
  [
    'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ann@bank.example',
    'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ann@bank.example',
  ],
])('%s is registered as %s', (userArn, registered) => {
  expect(registeredArnOf(userArn)).toBe(registered);
});

it('is the same for every session name a caller may choose', () => {
  const names = ['admin', 'AWSReservedSSO_Ops_0123456789abcdef', 'role', 'a@b.c', '=,.@-'];
  const arns = names.map((name) => registeredArnOf(`arn:aws:sts::123456789012:assumed-role/agent/${name}`));
  expect(new Set(arns)).toEqual(new Set(['arn:aws:iam::123456789012:role/agent']));
});

it.each([
  '',
  'arn:aws:iam::123456789012:root',
  'arn:aws:iam::123456789012:role/agent',
  'arn:aws:sts::123456789012:federated-user/ann',
  'arn:aws:sts::123456789012:assumed-role/agent',
  'arn:aws:sts::123456789012:assumed-role/agent/s1/more',
  'arn:aws:sts::123456789012:assumed-role//s1',
  'arn:aws:sts::12345678901:assumed-role/agent/s1',
  'arn:aws:sts::123456789012:assumed-role/agent/s1\narn:aws:iam::123456789012:user/ann',
  'arn:evil:sts::123456789012:assumed-role/agent/s1',
  'xarn:aws:iam::123456789012:user/ann',
  'arn:aws:iam::123456789012:user/ann b',
  'arn:aws:iam::123456789012:user/',
])('%j is registered as nobody', (userArn) => {
  expect(registeredArnOf(userArn)).toBeUndefined();
});
