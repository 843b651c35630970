import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { ApiCaller } from '../../demo/call-api.ts';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A key that tokens can be bound to, and proofs of it. */
export async function makeProofKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    /** A proof of one call; `claims` and `header` change what it says. */
    prove: (
      method: string,
      url: string,
      token: string,
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
    ): Promise<string> =>
      new SignJWT({ htm: method, htu: url, jti: randomUUID(), ath: sha256(token), ...claims })
        .setIssuedAt(typeof claims.iat === 'number' ? claims.iat : undefined)
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
        .sign(privateKey),
  };
}
export type ProofKey = Awaited<ReturnType<typeof makeProofKey>>;

type Options = { readonly tokenUrl: string; readonly subject?: string; readonly key?: ProofKey };

/** Calls the API at the door for tokens, with a fresh token for each call; bound to a key where there is one. */
export function makeTokenCaller(oidcApi: string, { tokenUrl, subject, key }: Options): ApiCaller {
  const asked = new URL(tokenUrl);
  if (subject) asked.searchParams.set('subject', subject);
  if (key) asked.searchParams.set('jkt', key.thumbprint);
  return async (method, path, body, headers = {}) => {
    const { token } = (await (await fetch(asked)).json()) as { token: string };
    const url = `${oidcApi}${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `${key ? 'DPoP' : 'Bearer'} ${token}`,
        ...(key && { dpop: await key.prove(method, url.replace(/\?.*/, ''), token) }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}
