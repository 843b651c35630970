import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { TokenSource } from '../sdk/token-identity.ts';
import type { Login } from './login-file.ts';
import { readLogin, writeLogin } from './login-file.ts';

/** Milliseconds before its end at which a token is renewed. */
const RENEW_BEFORE_MS = 60_000;
/** Looks at whether another process renewed it, and milliseconds between two. */
const MOST_LOOKS = 10;
const LOOK_EVERY_MS = 100;

const isFresh = ({ expiresAt }: Login) => Date.parse(expiresAt) - Date.now() > RENEW_BEFORE_MS;

/**
 * Renews a login. Issuers take a refresh token once: where another process was first, its login is taken. Throws
 * PosternError: `login_ended`, `login_failed`.
 */
async function renew(file: string, login: Login): Promise<Login> {
  // Loaded here alone: no call with a fresh token pays for it.
  const [oidc, { explainIssuer, findIssuer, handleOf }, { tokensOf }] = await Promise.all([
    import('openid-client'),
    import('./issuer-client.ts'),
    import('./tokens-of-answer.ts'),
  ]);
  try {
    const config = await findIssuer(login.issuer, login.clientId);
    const answer = await oidc.refreshTokenGrant(
      config,
      login.refreshToken ?? '',
      undefined,
      await handleOf(config, login),
    );
    const renewed = { ...login, ...tokensOf(answer) };
    await writeLogin(file, renewed);
    return renewed;
  } catch (error) {
    const latest = await renewedElsewhere(file, login);
    if (latest) return latest;
    throw explainIssuer(error);
  }
}

/** The login as another process renewed it, which may be about to write it down; undefined where none does. */
async function renewedElsewhere(file: string, login: Login): Promise<Login | undefined> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const latest = await readLogin(file);
    if (latest.token !== login.token && isFresh(latest)) return latest;
    await pause(LOOK_EVERY_MS);
  }
  return undefined;
}

/** Renewals under way in this process, by their file: all who wait for one are answered by it. */
const renewals = new Map<string, Promise<Login>>();

function renewOnce(file: string, login: Login): Promise<Login> {
  const running = renewals.get(file);
  if (running) return running;
  const started = renew(file, login).finally(() => renewals.delete(file));
  renewals.set(file, started);
  return started;
}

/** A proof that whoever calls holds the key of a login. @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2 */
async function proveKey(
  { privateJwk, publicJwk }: NonNullable<Login['key']>,
  { method, url, token }: { method: string; url: URL; token: string },
): Promise<string> {
  return new SignJWT({
    htm: method,
    htu: `${url.origin}${url.pathname}`,
    jti: randomUUID(),
    ath: createHash('sha256').update(token).digest('base64url'),
  })
    .setIssuedAt()
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicJwk as JWK })
    .sign(await importJWK(privateJwk as JWK, 'ES256'));
}

/** The token of a login that is latest, renewed before it ends; and proofs of its key, where it has one. */
export async function openLogin(file: string): Promise<TokenSource> {
  const { key } = await readLogin(file);
  return {
    async token() {
      const login = await readLogin(file);
      if (isFresh(login)) return login.token;
      if (login.refreshToken === undefined) {
        // It may have some seconds yet: the broker says when it has none.
        return login.token;
      }
      return (await renewOnce(file, login)).token;
    },
    ...(key && { prove: (call: { method: string; url: URL; token: string }) => proveKey(key, call) }),
  };
}
