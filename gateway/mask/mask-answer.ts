import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { NamedCall } from '../identify/named-call.ts';
import { decompress } from '../wire/decompress.ts';
import { maskBody, rootOf } from './mask-body.ts';
import { maskLeafText } from './mask-leaf.ts';
import { memberNode, membersOf } from './mask-node.ts';
import type { MaskPlan } from './plan-mask.ts';

/** Bytes; no answer of DynamoDB's is larger. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Checksums of the body that went: clients would find the masked one wrong, and call again. */
const CHECKSUMS =
  /^(?:x-amz-crc32|etag|content-md5|x-amz-checksum-.+|x-amz-sha256-tree-hash|content-encoding|content-length)$/;

export type Headers = ReadonlyMap<string, string | string[]>;

/** Headers with what is masked of them left out, or replaced where detectors find something. */
export function maskHeaders(headers: Headers, call: NamedCall, plan: MaskPlan): Headers {
  const root = rootOf(call, plan);
  const placed = membersOf(root).filter(({ place }) => place === 'h' || place === 'H');
  const entries = [...headers].flatMap(([name, value]) => {
    const member = placed.find(({ place, wire }) =>
      place === 'h' ? wire.toLowerCase() === name : name.startsWith(wire.toLowerCase()),
    );
    if (!member || !root) return [[name, value] as const];
    const node = memberNode(root, member);
    if (node.isWhole || node.paths.length > 0) return [];
    const mask = (text: string) => maskLeafText(text, 's', plan.detect);
    return [[name, typeof value === 'string' ? mask(value) : value.map(mask)] as const];
  });
  return new Map(entries);
}

/** All of a body; undefined where it is larger than what is read. */
async function readWhole(body: Readable): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += (piece as Buffer).length;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/**
 * The answer, masked, and its headers, with its checksums made anew. Undefined where it cannot be read: then nothing of
 * it may be passed on. `onRead` sees what came.
 */
export async function maskAnswer(
  answer: { readonly status: number; readonly headers: Headers; readonly body: Readable },
  call: NamedCall,
  plan: MaskPlan,
  onRead: (whole: Buffer) => void = () => {},
): Promise<{ readonly headers: Headers; readonly body: Buffer } | undefined> {
  const encoding = answer.headers.get('content-encoding');
  const headers = maskHeaders(answer.headers, call, plan);
  const sent = await readWhole(answer.body);
  if (sent) onRead(sent);
  // Nothing came, as of a HEAD: what the headers say of the body is said of another.
  if (sent?.length === 0) return { headers, body: sent };
  const whole = sent && !Array.isArray(encoding) ? decompress(sent, encoding, MOST_BYTES) : undefined;
  const masked = whole && maskBody(whole, call, plan, answer.status >= 300);
  if (!masked) return undefined;
  const kept = [...headers].filter(([name]) => !CHECKSUMS.test(name));
  return {
    headers: new Map([
      ...kept,
      ...(headers.has('x-amz-crc32') ? [['x-amz-crc32', String(crc32(masked))] as const] : []),
      ['content-length', String(masked.length)],
    ]),
    body: Buffer.from(masked),
  };
}
