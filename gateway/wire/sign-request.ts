import { canonicalRequest } from './canonical-request.ts';
import type { RawRequest } from './raw-request.ts';
import { type Scope, scopeText, signatureOf, signingKey, timestampOf } from './signing-key.ts';

/** Keys that AWS knows. They live in the memory of whoever signs, and nowhere else. */
export type SigningKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type SignedRequest = {
  readonly headers: ReadonlyMap<string, string>;
  readonly scope: Scope;
  readonly key: Buffer;
  readonly signature: string;
};

/** Headers that proxies on the way change, or that are made anew on each connection. */
const NOT_SIGNED = new Set([
  'connection',
  'expect',
  'transfer-encoding',
  'user-agent',
  'x-amzn-trace-id',
  'authorization',
]);

/**
 * Signs a request anew, by its headers: the sender's time, token and signature are replaced. `payloadHash` is what
 * x-amz-content-sha256 says, or the body's digest where the header is not sent.
 */
export function signRequest(
  request: RawRequest,
  keys: SigningKeys,
  to: { readonly region: string; readonly service: string; readonly payloadHash: string },
  now: Date,
): SignedRequest {
  const scope = { timestamp: timestampOf(now), region: to.region, service: to.service };
  const headers = new Map(request.headers);
  headers.delete('authorization');
  headers.delete('x-amz-security-token');
  headers.set('x-amz-date', scope.timestamp);
  if (keys.sessionToken !== undefined) headers.set('x-amz-security-token', keys.sessionToken);
  const signedHeaders = [...headers.keys()].filter((name) => !NOT_SIGNED.has(name)).sort();
  const key = signingKey(keys.secretAccessKey, scope);
  const { service, payloadHash } = to;
  const canonical = canonicalRequest({ ...request, headers }, { service, signedHeaders, payloadHash });
  const signature = signatureOf(canonical, key, scope);
  const credential = `${keys.accessKeyId}/${scopeText(scope)}`;
  const signed = signedHeaders.join(';');
  headers.set(
    'authorization',
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`,
  );
  return { headers, scope, key, signature };
}
