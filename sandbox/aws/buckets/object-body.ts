import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import { textIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';
import type { NewObject } from './bucket-store.ts';

/** What changes who may read an object, how it is kept or encrypted, and that the sandbox does not imitate. */
const NOT_IMITATED =
  /^(?:ACL|Grant\w+|Tagging\w*|ObjectLock\w+|SSECustomer\w+|CopySourceSSE\w+|CopySourceIf\w+|WebsiteRedirectLocation|WriteOffsetBytes|IfMatch|PartNumber)$/;

/** What an object's answers repeat of how it was put. */
const REPEATED: Readonly<Record<string, string>> = {
  ContentType: 'content-type',
  ContentEncoding: 'content-encoding',
  ContentDisposition: 'content-disposition',
  ContentLanguage: 'content-language',
  CacheControl: 'cache-control',
};

/** Throws NotImplemented where a call asks for what would be passed over. */
export function refuseOthers({ input, operation }: AwsCall, taken: readonly string[] = []): void {
  const other = Object.keys(input).find((name) => NOT_IMITATED.test(name) && !taken.includes(name));
  if (other) throw new AwsError('NotImplemented', `The sandbox's ${operation} takes no ${other}.`, 501);
}

/** CRC32 as S3 writes it: big-endian, in base64. */
export function crc32Of(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const CHECKSUMS: Readonly<Record<string, (body: Uint8Array) => string>> = {
  ChecksumCRC32: crc32Of,
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
  ContentMD5: (body) => createHash('md5').update(body).digest('base64'),
};

/** The body of a call, held against the checksums that came with it. Throws BadDigest. */
export function bodyIn({ input }: AwsCall): Buffer {
  const body = Buffer.from((input.Body ?? new Uint8Array()) as Uint8Array);
  for (const [name, checksumOf] of Object.entries(CHECKSUMS)) {
    if (input[name] !== undefined && input[name] !== checksumOf(body))
      throw new AwsError('BadDigest', `The ${name} you specified did not match what was received.`, 400);
  }
  return body;
}

/** The headers that an object is answered with. */
export function headersIn({ input }: AwsCall): NewObject['headers'] {
  const own = Object.entries(REPEATED).flatMap(([name, header]) => {
    // `aws-chunked` says how the body came, and nothing of what it is.
    const value = String(input[name] ?? '').replace(/^aws-chunked,?\s*/, '');
    return value === '' ? [] : [[header, value]];
  });
  const metadata = Object.entries((input.Metadata ?? {}) as Record<string, string>).map(([name, value]) => [
    `x-amz-meta-${name}`,
    value,
  ]);
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries([...own, ...metadata]) };
}

/** The object that a copy reads: `bucket/key`, with or without a slash before it, and its version. */
export function sourceIn(call: AwsCall): { bucket: string; key: string; versionId?: string } {
  const [, path = '', versionId] =
    /^\/?([^?]+)(?:\?versionId=([\w.-]+))?$/.exec(textIn(call, 'CopySource')) ?? [];
  const [, bucket, key] = /^([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
  if (!bucket || !key) throw new AwsError('InvalidArgument', 'x-amz-copy-source names no object.', 400);
  return { bucket, key, ...(versionId !== undefined && { versionId }) };
}
