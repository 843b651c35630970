import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';

/** The organisation's identity provider, as these pages are registered with it: a public client, by PKCE. */
export type IssuerOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
};
export type Tokens = { readonly token: string; readonly refreshToken?: string; readonly endsAtMs: number };
export type SignInStart = {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
};

const TIMEOUT_SECONDS = 10;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Milliseconds for which the answer to a refresh token is kept: another tab asks with the same one. */
const REMEMBERED_MS = 30_000;

function tokensOf(answer: oidc.TokenEndpointResponse, now: number): Tokens {
  // The broker reads access tokens that are JWTs; where an issuer gives none, its ID token says the same.
  const token = [answer.access_token, answer.id_token].find((text) => text?.split('.').length === 3);
  if (!token) throw new Error('the issuer gave no token that a broker can read');
  const { exp } = decodeJwt(token);
  return {
    token,
    endsAtMs: exp === undefined ? now + 300_000 : exp * 1000,
    ...(answer.refresh_token && { refreshToken: answer.refresh_token }),
  };
}

/** Signing in by authorization code, with PKCE, state and nonce. */
export function makeIssuerClient({ issuer, clientId, scope }: IssuerOptions, clock: () => number) {
  let found: Promise<oidc.Configuration> | undefined;
  const refreshed = new Map<string, Promise<Tokens>>();

  function configuration(): Promise<oidc.Configuration> {
    const server = new URL(issuer);
    const isLocal = server.protocol === 'http:' && LOOPBACK.test(server.hostname);
    found ??= oidc
      .discovery(server, clientId, undefined, oidc.None(), {
        timeout: TIMEOUT_SECONDS,
        ...(isLocal && { execute: [oidc.allowInsecureRequests] }),
      })
      .catch((error: unknown) => {
        found = undefined;
        throw error;
      });
    return found;
  }

  return {
    async start(redirectUri: string): Promise<SignInStart> {
      const config = await configuration();
      const verifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url, verifier, state, nonce };
    },
    /** The tokens for the issuer's answer. Throws where it is not an answer to this very start. */
    async finish(answer: URL, started: Omit<SignInStart, 'url'>): Promise<Tokens> {
      const tokens = await oidc.authorizationCodeGrant(await configuration(), answer, {
        pkceCodeVerifier: started.verifier,
        expectedState: started.state,
        expectedNonce: started.nonce,
        idTokenExpected: true,
      });
      return tokensOf(tokens, clock());
    },
    /** A newer token. Two tabs that bring the same refresh token are given the same answer. */
    async refresh(refreshToken: string): Promise<Tokens> {
      const known = refreshed.get(refreshToken);
      if (known) return known;
      const asking = configuration()
        .then((config) => oidc.refreshTokenGrant(config, refreshToken))
        .then((answer) => ({ refreshToken, ...tokensOf(answer, clock()) }));
      refreshed.set(refreshToken, asking);
      asking.catch(() => refreshed.delete(refreshToken));
      setTimeout(() => refreshed.delete(refreshToken), REMEMBERED_MS).unref();
      return asking;
    },
    /** Tells the issuer that a login is over; it is forgotten here whatever it says. */
    async end(refreshToken: string): Promise<void> {
      await oidc.tokenRevocation(await configuration(), refreshToken).catch(() => {});
    },
  };
}
export type IssuerClient = ReturnType<typeof makeIssuerClient>;

/** The issuer of pages whose own address, and so its own, is known once they are called. */
export function lateIssuer(options: () => IssuerOptions, clock: () => Date): IssuerClient {
  let made: IssuerClient | undefined;
  const client = () => {
    made ??= makeIssuerClient(options(), () => clock().getTime());
    return made;
  };
  return {
    start: (redirectUri) => client().start(redirectUri),
    finish: (answer, started) => client().finish(answer, started),
    refresh: (refreshToken) => client().refresh(refreshToken),
    end: (refreshToken) => client().end(refreshToken),
  };
}
