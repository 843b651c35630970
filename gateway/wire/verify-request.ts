import { AwsError } from './aws-error.ts';
import { canonicalRequest } from './canonical-request.ts';
import type { RawRequest } from './raw-request.ts';
import { readClaim, type SignatureClaim } from './read-claim.ts';
import { isEqual, type Scope, sha256, signatureOf, signingKey, timestampOf } from './signing-key.ts';

/** How far a signature's time may be off, as on AWS. */
const SKEW_MS = 5 * 60 * 1000;

/** What a signature says of the body. */
export type Payload =
  /** Its digest, which is to be held against the bytes. */
  | { readonly kind: 'hashed'; readonly sha256: string }
  /** Nothing: what it holds was never signed. */
  | { readonly kind: 'unsigned' }
  /** A chain of chunks, each with a signature of its own, and trailing headers where `hasTrailer`. */
  | { readonly kind: 'signed-chunks'; readonly hasTrailer: boolean }
  /** Chunks without signatures, and trailing headers. */
  | { readonly kind: 'unsigned-chunks' };

/** Who signed, and all that is needed to follow the signature into a body that streams. */
export type Verified<Caller> = {
  readonly caller: Caller;
  readonly claim: SignatureClaim;
  readonly payload: Payload;
  readonly scope: Scope;
  readonly key: Buffer;
};

/** A key as whoever made it knows it. */
export type KnownKey<Caller> = {
  readonly secretAccessKey: string;
  readonly expiresAt: Date;
  readonly caller: Caller;
};

const mismatch = (why: string) => new AwsError('InvalidSignatureException', why, 403);
const HEX = /^[0-9a-f]{64}$/;

const OF_NAME: Readonly<Record<string, Payload>> = {
  'UNSIGNED-PAYLOAD': { kind: 'unsigned' },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { kind: 'signed-chunks', hasTrailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { kind: 'signed-chunks', hasTrailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { kind: 'unsigned-chunks' },
};

/** Services that take a body which was not hashed. */
const isS3 = (service: string): boolean =>
  service === 's3' || service.startsWith('s3-') || service === 's3express';

/** What the signature covers of the body, and the text that stands for it. */
function payloadOf(
  claim: SignatureClaim,
  { headers, query }: RawRequest,
  body: Uint8Array | undefined,
): [Payload, string] {
  const inUrl = query.find(([name]) => name.toLowerCase() === 'x-amz-content-sha256')?.[1];
  const said = headers.get('x-amz-content-sha256') ?? inUrl;
  if (said !== undefined) {
    const payload = HEX.test(said) ? ({ kind: 'hashed', sha256: said } as const) : OF_NAME[said];
    if (!payload) throw mismatch('x-amz-content-sha256 is neither a digest nor a way of signing.');
    if (payload.kind !== 'hashed' && !isS3(claim.service))
      throw mismatch('Only S3 takes a body that is not hashed.');
    return [payload, said];
  }
  if (isS3(claim.service)) {
    if (claim.expiresInSeconds !== undefined) return [{ kind: 'unsigned' }, 'UNSIGNED-PAYLOAD'];
    throw mismatch('x-amz-content-sha256 is missing.');
  }
  if (!body) throw mismatch('A body that streams must say its digest.');
  const digest = sha256(body);
  return [{ kind: 'hashed', sha256: digest }, digest];
}

/**
 * Who signed a raw request. `body` is all of it where it was read, undefined where it streams; its digest is checked
 * here where it can be, and `payload` says what is still to be checked. Throws AwsError with the codes that AWS uses.
 */
export function verifyRequest<Caller>(
  request: RawRequest,
  body: Uint8Array | undefined,
  find: (accessKeyId: string, sessionToken: string | undefined) => KnownKey<Caller> | undefined,
  now: Date,
): Verified<Caller> {
  const { headers, query } = request;
  const claim = readClaim({
    headers: new Headers([...headers]),
    url: { searchParams: new URLSearchParams(query.map((pair): [string, string] => [...pair])) },
  });
  checkTime(claim, now);
  checkSigned(request, claim);
  const known = find(claim.accessKeyId, claim.sessionToken);
  if (!known) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      403,
    );
  }
  const [payload, payloadHash] = payloadOf(claim, request, body);
  const scope = { timestamp: timestampOf(claim.signedAt), region: claim.region, service: claim.service };
  const key = signingKey(known.secretAccessKey, scope);
  const { service, signedHeaders } = claim;
  const canonical = canonicalRequest(request, { service, signedHeaders, payloadHash });
  if (!isEqual(signatureOf(canonical, key, scope), claim.signature)) {
    throw mismatch('The request signature we calculated does not match the signature you provided.');
  }
  if (body && payload.kind === 'hashed' && sha256(body) !== payload.sha256) {
    throw mismatch('x-amz-content-sha256 is not of this body.');
  }
  if (known.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired.',
      403,
    );
  }
  return { caller: known.caller, claim, payload, scope, key };
}

/** A header's signature is good for the skew; a presigned URL's from its time on, as long as it says. */
function checkTime({ signedAt, expiresInSeconds }: SignatureClaim, now: Date): void {
  const age = now.getTime() - signedAt.getTime();
  const oldest = expiresInSeconds === undefined ? SKEW_MS : expiresInSeconds * 1000;
  if (age >= -SKEW_MS && age <= oldest) return;
  throw mismatch(`Signature expired or not yet current: signed ${signedAt.toISOString()}. Check the clock.`);
}

/** The host, the time and everything that AWS gives a meaning to must be signed, or somebody on the way may add it. */
function checkSigned({ headers }: RawRequest, { signedHeaders, expiresInSeconds }: SignatureClaim): void {
  const signed = new Set(signedHeaders);
  const needed = ['host', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const missing = needed.find((name) => !signed.has(name));
  if (missing !== undefined) throw mismatch(`${missing} must be signed.`);
  if (expiresInSeconds === undefined && !signed.has('x-amz-date'))
    throw mismatch('x-amz-date must be signed.');
  if (signed.size !== signedHeaders.length) throw mismatch('SignedHeaders names a header twice.');
  const absent = signedHeaders.find((name) => !headers.has(name));
  if (absent !== undefined) throw mismatch(`${absent} is signed and is not there.`);
}
