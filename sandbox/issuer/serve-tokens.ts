import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { AUDIENCE, agentsOf, SIGN_IN_AUDIENCE } from '../../demo/principals.ts';
import type { makeIssuerKey } from './issuer-key.ts';
import { DEVICE_CLIENT, type DevicePage } from './serve-devices.ts';
import { CHAT_CLIENT, CLI_CLIENT, CONSOLE_CLIENT, type SignInPage } from './serve-sign-in.ts';

type Deps = {
  readonly issuer: () => string;
  readonly key: Awaited<ReturnType<typeof makeIssuerKey>>;
  readonly signIn: SignInPage;
  readonly devices: DevicePage;
};

/** Seconds for which a token is good, and a login that is not used. */
const TOKEN_SECONDS = 300;
const LOGIN_MS = 8 * 60 * 60 * 1000;

const CODE_CLIENTS = [CLI_CLIENT, CONSOLE_CLIENT, CHAT_CLIENT];

type Grant = { person: string; client: string; jkt: string | undefined; nonce?: string };
type Form = Readonly<Record<string, unknown>>;

/** The thumbprint of the key that a DPoP proof is of; undefined where there is none. Throws where it is no good. */
async function keyOf(proof: string | undefined, place: string): Promise<string | undefined> {
  if (proof === undefined) return undefined;
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    maxTokenAge: 60,
  });
  if (payload.htm !== 'POST' || payload.htu !== place || !protectedHeader.jwk)
    throw new Error('the proof is of another call');
  return calculateJwkThumbprint(protectedHeader.jwk);
}

/** The token endpoint: codes, devices, refresh tokens, which are good once, and tokens for agents of one's own. */
export function serveTokens(app: Hono, { issuer, key, signIn, devices }: Deps): void {
  const logins = new Map<string, Grant & { untilMs: number }>();

  async function answerTo({ person, client, jkt, nonce }: Grant) {
    // A customer's token is for agents to ask with on their behalf, and signs in to nothing of the broker.
    const aud = client === CHAT_CLIENT ? AUDIENCE : SIGN_IN_AUDIENCE;
    const claims = { sub: person, aud, client_id: client, ...(jkt && { cnf: { jkt } }) };
    const refresh = randomBytes(32).toString('base64url');
    logins.set(refresh, { person, client, jkt, untilMs: Date.now() + LOGIN_MS });
    return {
      access_token: await key.sign(claims, 'at+jwt'),
      token_type: jkt ? 'DPoP' : 'Bearer',
      expires_in: TOKEN_SECONDS,
      refresh_token: refresh,
      // What the pages know an answer to their own start by (OpenID Connect Core, 3.1.3.7).
      ...(nonce && { id_token: await key.sign({ sub: person, aud: client, nonce }) }),
    };
  }

  function redeemed(form: Form, jkt: string | undefined): Grant | { error: string } {
    const client = String(form.client_id);
    switch (form.grant_type) {
      case 'authorization_code': {
        if (!CODE_CLIENTS.includes(client)) return { error: 'invalid_client' };
        const found = signIn.redeem(String(form.code), String(form.redirect_uri), String(form.code_verifier));
        return found?.client === client
          ? { person: found.person, client, jkt, nonce: found.nonce }
          : { error: 'invalid_grant' };
      }
      case 'urn:ietf:params:oauth:grant-type:device_code': {
        if (client !== DEVICE_CLIENT) return { error: 'invalid_client' };
        const confirmed = devices.redeem(String(form.device_code));
        return 'error' in confirmed ? confirmed : { person: confirmed.person, client, jkt };
      }
      case 'refresh_token': {
        const login = logins.get(String(form.refresh_token));
        logins.delete(String(form.refresh_token));
        const isGood = login?.client === client && login.jkt === jkt && login.untilMs > Date.now();
        return login && isGood ? { person: login.person, client, jkt } : { error: 'invalid_grant' };
      }
      default:
        return { error: 'unsupported_grant_type' };
    }
  }

  /** A token that names an agent, for a person who owns it (RFC 8693). */
  async function exchanged(form: Form) {
    const token = String(form.subject_token);
    const { payload } = await jwtVerify(token, key.publicKey, {
      issuer: issuer(),
      audience: SIGN_IN_AUDIENCE,
    });
    const agent = agentsOf(String(payload.sub)).find((id) => id === form.requested_subject);
    if (!agent || payload.client_id !== CLI_CLIENT) return { error: 'access_denied' };
    return {
      access_token: await key.sign({ sub: agent, aud: SIGN_IN_AUDIENCE, client_id: CLI_CLIENT }, 'at+jwt'),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
    };
  }

  app.post('/oauth/token', async (c) => {
    c.header('cache-control', 'no-store');
    const form = await c.req.parseBody();
    try {
      if (form.grant_type === 'urn:ietf:params:oauth:grant-type:token-exchange') {
        const answer = await exchanged(form);
        return c.json(answer, 'error' in answer ? 400 : 200);
      }
      const grant = redeemed(form, await keyOf(c.req.header('dpop'), `${issuer()}/oauth/token`));
      return 'error' in grant ? c.json(grant, 400) : c.json(await answerTo(grant));
    } catch {
      return c.json({ error: 'invalid_request' }, 400);
    }
  });
  app.post('/revoke', async (c) => {
    const { token } = await c.req.parseBody();
    logins.delete(String(token));
    return c.body(null, 200);
  });
}
