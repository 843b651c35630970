import { afterEach, expect, test, vi } from 'vitest';
import { makeIssuerKeys } from '../../../lambdas/shared/adapters/identity/issuer-keys.ts';

const ISSUER = 'https://login.bank.example';

/** An issuer whose discovery document says that its keys are there; and whatever was fetched. */
function issuerWith(jwksUri: string): string[] {
  const fetched: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    fetched.push(String(url));
    return Response.json({ issuer: ISSUER, jwks_uri: jwksUri });
  });
  return fetched;
}
afterEach(() => vi.unstubAllGlobals());

test.each([
  'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  'http://localhost:9001/2018-06-01/runtime/invocation/next',
  'http://[::1]:9001/',
  'http://[::ffff:127.0.0.1]:9001/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://2130706433/',
  'file:///proc/self/environ',
])('an issuer over TLS cannot have its keys fetched from %s', async (uri) => {
  const fetched = issuerWith(uri);
  await expect(makeIssuerKeys().keysOf(ISSUER)).rejects.toThrow();
  expect(fetched).toEqual([`${ISSUER}/.well-known/openid-configuration`]);
});

test('keys are found where its document says', async () => {
  issuerWith('https://keys.bank.example/keys');
  expect(await makeIssuerKeys().keysOf(ISSUER)).toBeTypeOf('function');
});
