import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import { isTrustworthy } from '../../domain/identity/issuers.ts';

/** Milliseconds for one fetch of an issuer's documents. */
const TIMEOUT_MS = 3_000;
/** Milliseconds for which keys are used without asking again: so long does a key live that its issuer withdrew. */
const KEEP_MS = 10 * 60 * 1000;
/** Milliseconds between two fetches that tokens of unknown keys bring about. */
const COOLDOWN_MS = 30_000;
/** Bytes; keys and discovery documents take a few kilobytes. */
const MOST_BYTES = 256 * 1024;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Fetches a document, and no more of it than there can be: an issuer may be somebody who wishes us ill. */
async function fetchDocument(url: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...options,
    redirect: 'error',
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error('the issuer’s document is too large');
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: response.status, headers: response.headers });
}

/** Where an issuer keeps its keys: as its discovery document says, else at the customary path. */
async function jwksUriOf(issuer: string): Promise<string> {
  const base = issuer.replace(/\/$/, '');
  const response = await fetchDocument(`${base}/.well-known/openid-configuration`);
  if (response.status >= 500) throw new Error('the discovery document could not be fetched');
  if (!response.ok) return `${base}/.well-known/jwks.json`;
  const { issuer: named, jwks_uri } = discoverySchema.parse(await response.json());
  // What listens on this machine is none of an issuer's that does not: on AWS that is the function's own runtime.
  const isPlain = (url: string) => new URL(url).protocol === 'http:';
  if (named !== issuer || !isTrustworthy(jwks_uri) || (isPlain(jwks_uri) && !isPlain(issuer)))
    throw new Error('the discovery document is not this issuer’s');
  return jwks_uri;
}

/**
 * Keys of issuers, found once and then kept: asked for again after ten minutes, and where a token names a key that is
 * not among them, so that a rotated key works at once. A failure is not kept: the next token tries again.
 */
export function makeIssuerKeys() {
  const keySets = new Map<string, Promise<JWTVerifyGetKey>>();
  return {
    keysOf(issuer: string): Promise<JWTVerifyGetKey> {
      const known = keySets.get(issuer);
      if (known) return known;
      const found = jwksUriOf(issuer).then((uri) =>
        createRemoteJWKSet(new URL(uri), {
          timeoutDuration: TIMEOUT_MS,
          cacheMaxAge: KEEP_MS,
          cooldownDuration: COOLDOWN_MS,
          [customFetch]: fetchDocument,
        }),
      );
      keySets.set(issuer, found);
      found.catch(() => keySets.delete(issuer));
      return found;
    },
  };
}
export type IssuerKeys = ReturnType<typeof makeIssuerKeys>;
