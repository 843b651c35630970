import { createHash, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { type AwsCaller, type AwsCredential, AwsError } from './types.ts';

/** How far a signature's time may be off, as on AWS. */
const SKEW_MS = 5 * 60 * 1000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([A-Z0-9]{16,128})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;._-]+),\s*Signature=([0-9a-f]{64})$/;

export type Signed = { readonly caller: AwsCaller; readonly service: string };

/** A request as it was received. `path` and `query` are as they stood in the request line. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
};

const missing = () =>
  new AwsError('MissingAuthenticationToken', 'The request is not signed. Sign it with SigV4.', 403);
const mismatch = (why: string) => new AwsError('InvalidSignatureException', why, 403);

/**
 * Who signed a request, and for which service. The request is signed again, over the headers that the sender
 * signed and no others, and the two signatures are compared.
 * Throws AwsError with the codes that AWS uses.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function verifySignature(
  request: ReceivedRequest,
  find: (accessKeyId: string) => AwsCredential | undefined,
  now: Date,
): Promise<Signed> {
  const header = request.headers.get('authorization');
  if (!header) throw missing();
  const [, accessKeyId = '', day = '', region = '', service = '', list = '', signature = ''] =
    AUTHORIZATION.exec(header) ?? [];
  if (!signature)
    throw new AwsError('IncompleteSignature', 'The Authorization header is not a SigV4 one.', 403);

  const credential = find(accessKeyId);
  const token = request.headers.get('x-amz-security-token') ?? undefined;
  if (!credential || credential.sessionToken !== token) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      403,
    );
  }
  const signedAt = timeOf(request.headers);
  if (!signedAt.toISOString().replaceAll('-', '').startsWith(day))
    throw mismatch('Credential date and time differ.');
  if (Math.abs(now.getTime() - signedAt.getTime()) > SKEW_MS) {
    throw mismatch(
      `Signature expired or not yet current: signed ${signedAt.toISOString()}. Check the clock.`,
    );
  }
  const signedHeaders = list.split(';');
  checkBody(request, signedHeaders);
  const expected = await sign(request, signedHeaders, credential, { region, service, signedAt });
  if (!timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'))) {
    throw mismatch('The request signature we calculated does not match the signature you provided.');
  }
  if (credential.expiresAt && credential.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired.',
      403,
    );
  }
  return { caller: credential.caller, service };
}

function timeOf(headers: Headers): Date {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers.get('x-amz-date') ?? '') ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw mismatch('X-Amz-Date is missing or malformed.');
  return time;
}

/** Host and time must be signed; a signed body digest must be the body's. */
function checkBody({ headers, body }: ReceivedRequest, signedHeaders: readonly string[]): void {
  if (!signedHeaders.includes('host') || !signedHeaders.includes('x-amz-date')) {
    throw mismatch('host and x-amz-date must be signed.');
  }
  if (headers.has('x-amz-security-token') && !signedHeaders.includes('x-amz-security-token')) {
    throw mismatch('x-amz-security-token must be signed.');
  }
  if (!signedHeaders.includes('x-amz-content-sha256')) return;
  const digest = createHash('sha256').update(body).digest('hex');
  if (headers.get('x-amz-content-sha256') !== digest)
    throw mismatch('x-amz-content-sha256 is not of this body.');
}

type Scope = { region: string; service: string; signedAt: Date };

async function sign(
  { method, url, headers, body }: ReceivedRequest,
  signedHeaders: readonly string[],
  { accessKeyId, secretAccessKey }: AwsCredential,
  { region, service, signedAt }: Scope,
): Promise<string> {
  const signer = new SignatureV4({
    // The token is among the signed headers, where it was; the signer is not to add it.
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const { headers: signed } = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, headers.get(name) ?? ''])),
      body,
    },
    { signingDate: signedAt, signableHeaders: new Set(signedHeaders) },
  );
  return /Signature=([0-9a-f]{64})/.exec(signed.authorization ?? '')?.[1] ?? '';
}
