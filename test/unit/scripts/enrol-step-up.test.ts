import { expect, test } from 'vitest';
import { totpOf } from '../../../lambdas/shared/votes/check-step-up.ts';
import { enrol, otpauthUri } from '../../../scripts/enrol-step-up.ts';

/** Secrets Manager, as far as an enrolment goes. */
function secretsManager(existing: Record<string, string> = {}) {
  const secrets = new Map(Object.entries(existing));
  return {
    secrets,
    async send({ input }: { input: { Name?: string; SecretId?: string; SecretString?: string } }) {
      const { Name, SecretId, SecretString = '' } = input;
      if (Name !== undefined && secrets.has(Name)) {
        throw Object.assign(new Error('The secret exists already.'), { name: 'ResourceExistsException' });
      }
      secrets.set(Name ?? SecretId ?? '', SecretString);
      return {};
    },
  };
}
type Client = Parameters<typeof enrol>[0];
const NAME = 'postern/step-up/approver1';

test('a new secret is kept where the Slack app reads it, and the authenticator scans the same', async () => {
  const client = secretsManager();
  const secret = await enrol(client as unknown as Client, 'approver1', { replace: false });
  expect(client.secrets.get(NAME)).toBe(secret);
  const uri = new URL(otpauthUri('approver1', secret));
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(decodeURIComponent(uri.pathname)).toContain('Postern:approver1');
  expect(totpOf(secret).generate()).toMatch(/^\d{6}$/);
});

test('an approver who is enrolled keeps their secret, unless it is to be replaced', async () => {
  const client = secretsManager({ [NAME]: 'OLD' });
  await expect(enrol(client as unknown as Client, 'approver1', { replace: false })).rejects.toThrow(
    'approver1 is enrolled already; --replace gives them a new secret',
  );
  expect(client.secrets.get(NAME)).toBe('OLD');
  const secret = await enrol(client as unknown as Client, 'approver1', { replace: true });
  expect(client.secrets.get(NAME)).toBe(secret);
});
