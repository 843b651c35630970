import { Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { admissionPolicy } from '../../infra/constructs/api/api-admission.ts';

const NOBODY = { allowedAccounts: [], unsigned: ['GET/healthz'] };
const statementsOf = (admission: Parameters<typeof admissionPolicy>[0]) =>
  (new Stack().resolve(admissionPolicy(admission)) as { Statement: Record<string, unknown>[] }).Statement;

test('with nobody named, only what is unsigned is open to all', () => {
  expect(statementsOf(NOBODY)).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*/GET/healthz',
    },
  ]);
});

test('an account is admitted by name', () => {
  const [, accounts] = statementsOf({ ...NOBODY, allowedAccounts: ['111122223333'] });
  expect(JSON.stringify(accounts?.Principal)).toContain(':iam::111122223333:root');
  expect(accounts?.Condition).toBeUndefined();
});

test('an organisation is admitted by a condition, never as everybody', () => {
  const [, everybody] = statementsOf({ ...NOBODY, allowedOrganization: 'o-abcdefghij' });
  expect(everybody?.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } });
});

test('a private API is denied to whoever does not come through its endpoint', () => {
  const statements = statementsOf({ ...NOBODY, vpcEndpointId: 'vpce-0123456789abcdef0' });
  expect(statements.at(-1)).toMatchObject({
    Effect: 'Deny',
    Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
  });
});
