import { createHash, timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { type ReceivedRequest, readClaim, type SignatureClaim } from './read-claim.ts';
import { signAgain } from './sign-again.ts';
import type { SigningCredential } from './signing-credential.ts';

/** How far a signature's time may be off, as on AWS. */
const SKEW_MS = 5 * 60 * 1000;

/** What stands where a body's digest would: S3 alone takes a body that was not hashed. */
const NOT_HASHED = new Set(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']);

export type Signed<Caller> = { readonly caller: Caller; readonly service: string; readonly region: string };

const mismatch = (why: string) => new AwsError('InvalidSignatureException', why, 403);

/**
 * Who signed a request, and for which service. The request is signed again, over the headers that the sender
 * signed and no others, and the two signatures are compared.
 * Throws AwsError with the codes that AWS uses.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function verifySignature<Caller>(
  request: ReceivedRequest,
  find: (accessKeyId: string) => SigningCredential<Caller> | undefined,
  now: Date,
): Promise<Signed<Caller>> {
  const claim = readClaim(request);
  const credential = find(claim.accessKeyId);
  if (!credential || !isEqual(credential.sessionToken ?? '', claim.sessionToken ?? '')) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      403,
    );
  }
  checkTime(claim, now);
  checkSignedParts(request, claim);
  if (!isEqual(await signAgain(request, claim, credential), claim.signature)) {
    throw mismatch('The request signature we calculated does not match the signature you provided.');
  }
  if (credential.expiresAt && credential.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired.',
      403,
    );
  }
  return { caller: credential.caller, service: claim.service, region: claim.region };
}

/** Compares in a time that does not tell where two texts differ. */
function isEqual(expected: string, other: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A header's signature is good for the skew; a presigned URL's from its time on, as long as it says. */
function checkTime({ signedAt, expiresInSeconds }: SignatureClaim, now: Date): void {
  const age = now.getTime() - signedAt.getTime();
  const oldest = expiresInSeconds === undefined ? SKEW_MS : expiresInSeconds * 1000;
  if (age < -SKEW_MS || age > oldest) {
    throw mismatch(
      `Signature expired or not yet current: signed ${signedAt.toISOString()}. Check the clock.`,
    );
  }
}

/** Host, and in a header's signature time and token too, must be signed; a signed digest must be the body's. */
function checkSignedParts({ url, headers, body }: ReceivedRequest, claim: SignatureClaim): void {
  const { service, signedHeaders, expiresInSeconds } = claim;
  const needed = [
    'host',
    ...(expiresInSeconds === undefined ? ['x-amz-date'] : []),
    ...(headers.has('x-amz-security-token') ? ['x-amz-security-token'] : []),
  ];
  for (const name of needed) {
    if (!signedHeaders.includes(name)) throw mismatch(`${name} must be signed.`);
  }
  // The signer keeps the query as properties of an object, of which this one is no property like others.
  if (url.searchParams.has('__proto__')) throw mismatch('The query has a parameter that cannot be signed.');
  if (!signedHeaders.includes('x-amz-content-sha256')) return;
  if (service === 's3' && NOT_HASHED.has(headers.get('x-amz-content-sha256') ?? '')) return;
  const digest = createHash('sha256').update(body).digest('hex');
  if (headers.get('x-amz-content-sha256') !== digest)
    throw mismatch('x-amz-content-sha256 is not of this body.');
}
