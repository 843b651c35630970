import type { Readable } from 'node:stream';
import { AwsError } from '../wire/aws-error.ts';
import type { RawRequest } from '../wire/raw-request.ts';

/** Bytes; DynamoDB's own bound on a batch. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;
/** Bytes up to which a body of S3 is read whole. */
const SMALL_BYTES = 1024 * 1024;

const tooLarge = () => new AwsError('RequestEntityTooLarge', 'The body is too large.', 413);

/** All of a body. Throws where it is larger than a body may be, or ends early. */
export async function readBody(body: Readable, { headers }: RawRequest): Promise<Buffer> {
  if (Number(headers.get('content-length') ?? 0) > MOST_BODY_BYTES) throw tooLarge();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += (piece as Buffer).length;
    if (bytes > MOST_BODY_BYTES) throw tooLarge();
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/** Parameters of a query beside which an upload has a body that no rule reads. */
const OF_UPLOADS = /^(?:x-id|partNumber|uploadId|x-amz-.*)$/i;

/** Whether a body is an object's of S3, which says nothing of the call and is never held. */
export function isUpload({ method, headers, query, path }: RawRequest, signingName: string): boolean {
  if (signingName !== 's3' || method !== 'PUT' || path === '/') return false;
  if (query.some(([name]) => !OF_UPLOADS.test(name))) return false;
  const length = headers.get('content-length');
  const isSmall = length !== undefined && Number(length) <= SMALL_BYTES;
  return !isSmall || !/^[0-9a-f]{64}$/.test(headers.get('x-amz-content-sha256') ?? '');
}
