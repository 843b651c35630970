import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

const DECODERS = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync };

/**
 * What a body is by its Content-Encoding. Undefined where it is not of that encoding, or would be larger than `mostBytes`:
 * a kilobyte may stand for a gigabyte.
 */
export function decompress(
  bytes: Uint8Array,
  encoding: string | undefined,
  mostBytes: number,
): Uint8Array | undefined {
  const name = encoding?.trim().toLowerCase() || 'identity';
  if (name === 'identity') return bytes.length <= mostBytes ? bytes : undefined;
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name as keyof typeof DECODERS] : undefined;
  try {
    return decode?.(bytes, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}
