import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { PosternError } from '../sdk/postern-error.ts';
import { bindsTokens, explainIssuer, findIssuer, handleOf } from './issuer-client.ts';
import type { Login } from './login-file.ts';
import { tokensOf } from './tokens-of-answer.ts';

export type LoginOptions = {
  readonly endpoint: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly signal: AbortSignal;
};

/** Milliseconds that somebody has to sign in by a browser. */
const BROWSER_MS = 5 * 60 * 1000;

const PAGE = (text: string) =>
  `<!doctype html><meta charset="utf-8"><title>postern</title><p style="font:1.1rem system-ui;margin:3rem">${text}</p>`;

async function newKey(config: oidc.Configuration): Promise<Pick<Login, 'key'>> {
  if (!bindsTokens(config)) return {};
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  return { key: { privateJwk: { ...privateJwk }, publicJwk: { ...publicJwk } } };
}

/** Listens on loopback for the one answer of the identity provider. */
async function listenForCode(signal: AbortSignal) {
  // As events: Promise.withResolvers is not in Node 20, which the clients run on too.
  const answered = new EventEmitter();
  const answer = once(answered, 'answer').then(([url]) => url as URL);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const isAnswer = url.pathname === '/callback';
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(
      PAGE(isAnswer ? 'You can close this page, and go back to the terminal.' : 'There is nothing here.'),
    );
    if (isAnswer) answered.emit('answer', url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const within = AbortSignal.any([signal, AbortSignal.timeout(BROWSER_MS)]);
  const giveUp = () =>
    answered.emit(
      'error',
      new PosternError({ code: 'login_failed', detail: 'Nobody signed in within five minutes.' }),
    );
  within.addEventListener('abort', giveUp, { once: true });
  if (within.aborted) giveUp();
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    answer: answer.finally(() => {
      within.removeEventListener('abort', giveUp);
      server.close();
      server.closeAllConnections();
    }),
  };
}

/**
 * Signs in by a browser of this machine: authorization code with PKCE, answered on loopback (RFC 8252). `show` is told
 * the page. Throws PosternError.
 */
export async function logInByBrowser(options: LoginOptions, show: (url: string) => void): Promise<Login> {
  const { endpoint, issuer, clientId, scope, signal } = options;
  try {
    const config = await findIssuer(issuer, clientId);
    const key = await newKey(config);
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const { redirectUri, answer } = await listenForCode(signal);
    show(
      oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      }).href,
    );
    const tokens = await oidc.authorizationCodeGrant(
      config,
      await answer,
      { pkceCodeVerifier: verifier, expectedState: state },
      undefined,
      await handleOf(config, key),
    );
    return { version: 1, endpoint, issuer, clientId, ...tokensOf(tokens), ...key };
  } catch (error) {
    throw explainIssuer(error);
  }
}

/** Signs in by another device (RFC 8628). `show` is told where, and the code to compare. Throws PosternError. */
export async function logInByDevice(
  options: LoginOptions,
  show: (page: { url: string; code: string }) => void,
): Promise<Login> {
  const { endpoint, issuer, clientId, scope, signal } = options;
  try {
    const config = await findIssuer(issuer, clientId);
    const key = await newKey(config);
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    show({ url: device.verification_uri, code: device.user_code });
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, device, undefined, {
      signal,
      ...(await handleOf(config, key)),
    });
    return { version: 1, endpoint, issuer, clientId, ...tokensOf(tokens), ...key };
  } catch (error) {
    throw explainIssuer(error);
  }
}

/** Tells the issuer that a login is over; it is forgotten here whatever it says. */
export async function endLogin({ issuer, clientId, refreshToken, token }: Login): Promise<void> {
  const config = await findIssuer(issuer, clientId);
  await oidc.tokenRevocation(config, refreshToken ?? token);
}

/**
 * A short token that names an agent of whoever is logged in, by token exchange (RFC 8693). The issuer decides whether
 * the agent is theirs. Throws PosternError.
 */
export async function tokenForAgent(login: Login, token: string, agent: string): Promise<string> {
  try {
    const config = await findIssuer(login.issuer, login.clientId);
    const answer = await oidc.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_subject: agent,
    });
    return tokensOf(answer).token;
  } catch (error) {
    throw explainIssuer(error);
  }
}
