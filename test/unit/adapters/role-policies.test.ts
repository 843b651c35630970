import { IAMClient } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { makeRolePolicies } from '../../../lambdas/shared/adapters/sessions/role-policies.ts';

test("another account's role is not mistaken for the one of that name here", async () => {
  // Nobody listens there: a call would fail, in words of its own.
  const client = new IAMClient({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  });
  const { putDenials } = makeRolePolicies({ client, accountId: '123456789012' });
  const roleOf = (account: string) => `arn:aws:iam::${account}:role/postern-brokered-internal`;
  await expect(putDenials(roleOf('999999999999'), '{}')).rejects.toThrow('revoke it in its own account');
  await expect(putDenials(roleOf('123456789012'), '{}')).rejects.toThrow(/^IAM: /);
});
