import { Hono } from 'hono';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { AUDIENCE } from '../../demo/principals.ts';

/** Signs in the demo's end users: an OIDC issuer's keys, and a fresh token for whoever asks for one. */
export async function makeSubjectIssuer(issuer: () => string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'demo', alg: 'ES256', use: 'sig' };
  const sign = (subject: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'demo' })
      .setIssuer(issuer())
      .setAudience(AUDIENCE)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  return new Hono()
    .get('/.well-known/openid-configuration', (c) =>
      c.json({ issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks.json` }),
    )
    .get('/.well-known/jwks.json', (c) => c.json({ keys: [key] }))
    .get('/token/:subject', async (c) => {
      c.header('cache-control', 'no-store');
      return c.json({ token: await sign(c.req.param('subject')) });
    });
}
