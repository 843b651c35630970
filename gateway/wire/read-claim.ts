import { AwsError } from './aws-error.ts';

/** A request as it was received. The URL's path and query are as they stood in the request line. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
};

/** The parts of a request in which a signature stands. */
export type SignedParts = {
  readonly headers: Pick<Headers, 'get'>;
  readonly url: { readonly searchParams: URLSearchParams };
};

/** Who a request says has signed it, and over what: not verified yet. */
export type SignatureClaim = {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedAt: Date;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Of a presigned URL alone: how long it may be used. */
  readonly expiresInSeconds?: number;
};

/** Query parameters that carry a presigned URL's signature. */
export const PRESIGNED = {
  algorithm: 'X-Amz-Algorithm',
  credential: 'X-Amz-Credential',
  date: 'X-Amz-Date',
  expires: 'X-Amz-Expires',
  signedHeaders: 'X-Amz-SignedHeaders',
  signature: 'X-Amz-Signature',
  token: 'X-Amz-Security-Token',
} as const;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=(\S+?),\s*SignedHeaders=([^\s,]+),\s*Signature=([0-9a-f]{64})$/;
const CREDENTIAL = /^([A-Z0-9]{16,128})\/(\d{8})\/([a-z0-9-]+)\/([A-Za-z0-9-]+)\/aws4_request$/;
const HEADER_NAMES = /^[a-z0-9;._-]+$/;
/** A week, the longest that SigV4 lets a URL live. */
const LONGEST_SECONDS = 604_800;

const incomplete = (why: string) => new AwsError('IncompleteSignatureException', why, 403);

/**
 * Reads the signature of a request, from its Authorization header or from a presigned URL.
 * Throws MissingAuthenticationTokenException where there is none, IncompleteSignatureException where it is
 * malformed.
 */
export function readClaim({ headers, url: { searchParams } }: SignedParts): SignatureClaim {
  const header = headers.get('authorization');
  const isPresigned = [...searchParams.keys()].some((name) => name.toLowerCase() === 'x-amz-signature');
  if (header && isPresigned) throw incomplete('Sign either the header or the URL, not both.');
  if (header) return claimOfHeader(header, headers);
  if (isPresigned) return claimOfUrl(searchParams);
  throw new AwsError(
    'MissingAuthenticationTokenException',
    'The request is not signed. Sign it with SigV4.',
    403,
  );
}

function claimOfHeader(header: string, headers: SignedParts['headers']): SignatureClaim {
  const [, credential = '', list = '', signature = ''] = AUTHORIZATION.exec(header) ?? [];
  if (!signature) throw incomplete('The Authorization header is not a SigV4 one.');
  return {
    ...scopeOf(credential, headers.get('x-amz-date')),
    signedHeaders: namesOf(list),
    signature,
    sessionToken: headers.get('x-amz-security-token') ?? undefined,
  };
}

function claimOfUrl(query: URLSearchParams): SignatureClaim {
  const signature = query.get(PRESIGNED.signature) ?? '';
  const expiresInSeconds = Number(query.get(PRESIGNED.expires));
  if (query.get(PRESIGNED.algorithm) !== 'AWS4-HMAC-SHA256' || !/^[0-9a-f]{64}$/.test(signature)) {
    throw incomplete('The query does not hold a SigV4 signature.');
  }
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > LONGEST_SECONDS) {
    throw incomplete('X-Amz-Expires must be between 1 and 604800.');
  }
  return {
    ...scopeOf(query.get(PRESIGNED.credential) ?? '', query.get(PRESIGNED.date)),
    signedHeaders: namesOf(query.get(PRESIGNED.signedHeaders) ?? ''),
    signature,
    sessionToken: query.get(PRESIGNED.token) ?? undefined,
    expiresInSeconds,
  };
}

function namesOf(list: string): string[] {
  if (!HEADER_NAMES.test(list)) throw incomplete('SignedHeaders must be lower-case header names.');
  return list.split(';');
}

function scopeOf(credential: string, date: string | null) {
  const [, accessKeyId, day, region, service] = CREDENTIAL.exec(credential) ?? [];
  if (!accessKeyId || !day || !region || !service) {
    throw incomplete('Credential must be keyid/date/region/service/aws4_request.');
  }
  const [, year, month, dayOfMonth, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? '') ?? [];
  const signedAt = new Date(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt.getTime())) throw incomplete('X-Amz-Date is missing or malformed.');
  if (`${year}${month}${dayOfMonth}` !== day) throw incomplete('Credential date and X-Amz-Date differ.');
  return { accessKeyId, region, service, signedAt };
}
