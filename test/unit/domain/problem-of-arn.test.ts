import { expect, it } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { problemOfArn } from '../../../lambdas/shared/domain/identity/problem-of-arn.ts';
import { registeredArnOf } from '../../../lambdas/shared/http/caller-arn.ts';

it.each([
  'arn:aws:sts::123456789012:assumed-role/agent/any-session',
  'arn:aws-us-gov:sts::123456789012:assumed-role/a.b+c=d,e@f-g_h/s1',
  'arn:aws:iam::123456789012:user/dept/ann',
  'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ann@bank.example',
])('what a call of %s is held against can be registered', (userArn) => {
  expect(problemOfArn(registeredArnOf(userArn) ?? '')).toBeUndefined();
});

it.each([
  ['arn:aws:iam::123456789012:role/team/eu/agent', /leave it out: role\/<name>$/],
  ['arn:aws:iam::123456789012:role/AWSReservedSSO_Ops_0123456789abcdef', /Identity Center.*assumed-role/],
  [
    'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef',
    /Identity Center.*assumed-role/,
  ],
  ['arn:aws:sts::123456789012:assumed-role/agent/session', /no IAM user/],
  ['arn:aws:iam::123456789012:root', /no IAM user/],
  ['arn:aws:s3:::bucket', /no IAM user/],
])('%s is nobody that could call', (arn, problem) => {
  expect(problemOfArn(arn)).toMatch(problem);
});

it('nothing is wrong with the demo', () => {
  const arns = demoPrincipals('https://issuer.example', '123456789012').flatMap(
    ({ principal }) => principal.awsPrincipals,
  );
  expect(arns.filter((arn) => problemOfArn(arn) !== undefined)).toEqual([]);
});
