import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { readJson } from '../identify/read-json.ts';
import { maskJson } from './mask-json.ts';
import type { MaskPlan } from './plan-mask.ts';

/** Bytes; no answer of DynamoDB's is larger. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Checksums of the body that went: clients would find the masked one wrong, and call again. */
const CHECKSUMS = /^(?:x-amz-crc32|etag|content-md5|x-amz-checksum-.+|content-encoding|content-length)$/;

type Headers = ReadonlyMap<string, string | string[]>;

/**
 * The answer, masked, and its headers, with its checksums made anew. Undefined where it cannot be read: then nothing of
 * it may be passed on.
 */
export async function maskAnswer(
  headers: Headers,
  body: Readable,
  plan: MaskPlan,
): Promise<{ readonly headers: Headers; readonly body: Buffer } | undefined> {
  const encoding = headers.get('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') return undefined;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += (piece as Buffer).length;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece as Buffer);
  }
  const whole = Buffer.concat(pieces);
  const value = whole.length === 0 ? undefined : readJson(whole);
  if (whole.length > 0 && value === undefined) return undefined;
  const masked = whole.length === 0 ? whole : Buffer.from(JSON.stringify(maskJson(value, plan)));
  const kept = [...headers].filter(([name]) => !CHECKSUMS.test(name));
  return {
    headers: new Map([
      ...kept,
      ...(headers.has('x-amz-crc32') ? [['x-amz-crc32', String(crc32(masked))] as const] : []),
      ['content-length', String(masked.length)],
    ]),
    body: masked,
  };
}
