import { importJWK } from 'jose';
import * as oidc from 'openid-client';
import { PosternError } from '../sdk/postern-error.ts';
import type { Login } from './login-file.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Seconds that an issuer has to answer. */
const TIMEOUT_SECONDS = 10;

/** An issuer as a public client sees it: it has no secret, which whoever has the program would have too. */
export async function findIssuer(issuer: string, clientId: string): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  const isLocal = server.protocol === 'http:' && LOOPBACK.test(server.hostname);
  return oidc.discovery(server, clientId, undefined, oidc.None(), {
    timeout: TIMEOUT_SECONDS,
    ...(isLocal && { execute: [oidc.allowInsecureRequests] }),
  });
}

/** Whether an issuer binds its tokens to a key of ours. */
export const bindsTokens = (config: oidc.Configuration): boolean =>
  config.serverMetadata().dpop_signing_alg_values_supported?.includes('ES256') === true;

/** The key of a login, as the issuer is shown it. */
export async function handleOf(config: oidc.Configuration, { key }: Pick<Login, 'key'>) {
  if (!key) return {};
  const [privateKey, publicKey] = await Promise.all([
    importJWK(key.privateJwk, 'ES256'),
    importJWK(key.publicJwk, 'ES256', { extractable: true }),
  ]);
  return { DPoP: oidc.getDPoPHandle(config, { privateKey, publicKey } as oidc.CryptoKeyPair) };
}

/** An issuer's refusal in words of ours: its own may hold anything. */
export function explainIssuer(error: unknown): PosternError {
  if (error instanceof PosternError) return error;
  const code = (error as { error?: unknown } | undefined)?.error;
  const known: Record<string, string> = {
    access_denied: 'It was refused at the identity provider.',
    expired_token: 'Nobody confirmed the code in time: run postern login again.',
    invalid_grant: 'The login has ended: run postern login.',
    invalid_client: 'The identity provider does not know this client: check --client-id.',
    unauthorized_client: 'This client may not do that at the identity provider.',
  };
  const detail = typeof code === 'string' ? known[code] : undefined;
  return new PosternError({
    code: code === 'invalid_grant' ? 'login_ended' : 'login_failed',
    detail: detail ?? 'The identity provider could not be asked, or gave no answer that can be used.',
  });
}
