import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import {
  AUDIENCE,
  DEMO_SIGN_INS,
  GATEWAY_AUDIENCE,
  SIGN_IN_AUDIENCE,
  SUBJECTS,
} from '../../demo/principals.ts';
import { makeIssuerKey } from './issuer-key.ts';
import { serveDevices } from './serve-devices.ts';
import { serveSignIn } from './serve-sign-in.ts';
import { serveTokens } from './serve-tokens.ts';

/**
 * Signs in the demo's people and end users: an OIDC issuer's keys, and a fresh token for whoever asks for one. A
 * principal's token is given under an address that nobody guesses, as its keys are in a file that nobody else reads.
 * People sign in at a page where they say who they are: on one machine, as whom one picks.
 */
export async function makeIssuer(issuer: () => string) {
  const key = await makeIssuerKey(issuer);
  const secret = randomBytes(18).toString('base64url');
  const app = new Hono()
    .get('/.well-known/openid-configuration', (c) => c.json(metadataOf(issuer())))
    .get('/.well-known/jwks.json', (c) => c.json({ keys: [key.published] }))
    .get('/token/:subject', async (c) => {
      c.header('cache-control', 'no-store');
      return c.json({ token: await key.sign({ sub: c.req.param('subject'), aud: AUDIENCE }) });
    })
    .get(`/principals/${secret}/:id`, async (c) => {
      c.header('cache-control', 'no-store');
      const id = c.req.param('id');
      const subject = c.req.query('subject');
      const aud = c.req.query('for') === 'gateway' ? GATEWAY_AUDIENCE : SIGN_IN_AUDIENCE;
      const jkt = c.req.query('jkt');
      const token = await key.sign({
        aud,
        ...(subject === undefined ? { sub: id } : { sub: subject, act: { sub: id } }),
        ...(jkt && { cnf: { jkt } }),
      });
      return c.json({ token });
    });
  const signIn = serveSignIn(app, issuer, { people: DEMO_SIGN_INS, customers: SUBJECTS });
  const devices = serveDevices(app, issuer, DEMO_SIGN_INS);
  serveTokens(app, { issuer, key, signIn, devices });
  return { app, tokenUrlOf: (id: string) => `${issuer()}/principals/${secret}/${id}` };
}
export type SandboxIssuer = Awaited<ReturnType<typeof makeIssuer>>;

const metadataOf = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  device_authorization_endpoint: `${issuer}/device_authorization`,
  revocation_endpoint: `${issuer}/revoke`,
  response_types_supported: ['code'],
  grant_types_supported: [
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  dpop_signing_alg_values_supported: ['ES256'],
  id_token_signing_alg_values_supported: ['ES256'],
  subject_types_supported: ['public'],
  scopes_supported: ['openid', 'offline_access'],
});
