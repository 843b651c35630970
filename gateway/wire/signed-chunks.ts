import { createHmac } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from './aws-error.ts';
import { EMPTY_SHA256, isEqual, type Scope, scopeText, sha256 } from './signing-key.ts';

/** The start of a chain: the key and scope of a request, and its own signature. */
export type ChainStart = { readonly key: Buffer; readonly scope: Scope; readonly signature: string };

/** Bytes; what clients send in one chunk is far less. */
const LARGEST_CHUNK = 16 * 1024 * 1024;
const LONGEST_HEAD = 200;
const LONGEST_TRAILER = 4096;
const HEAD = /^([0-9a-f]{1,8});chunk-signature=([0-9a-f]{64})$/i;
const TRAILER = /^x-amz-[a-z0-9-]+:[\x20-\x7e]*$/i;
const LAST_TRAILER = 'x-amz-trailer-signature:';
const END = Buffer.from('\r\n');

const refused = (why: string) => new AwsError('InvalidSignatureException', why, 403);

/**
 * The signatures of a body's chunks, each over the one before.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function chunkSignatures({ key, scope, signature: first }: ChainStart) {
  let before = first;
  const next = (algorithm: string, parts: readonly string[]): string => {
    const text = [algorithm, scope.timestamp, scopeText(scope), before, ...parts].join('\n');
    before = createHmac('sha256', key).update(text).digest('hex');
    return before;
  };
  return {
    ofChunk: (data: Uint8Array) => next('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, sha256(data)]),
    ofTrailer: (text: string) => next('AWS4-HMAC-SHA256-TRAILER', [sha256(text)]),
  };
}

/**
 * Checks each chunk's signature against the sender's chain, and signs it in the receiver's. A signature's length is
 * fixed, so that the body keeps its own; a chunk goes on only once it is checked. Errs with AwsError, after which
 * the receiver has a body that does not end.
 */
export function signChunksAnew(from: ChainStart, to: ChainStart): Transform {
  const [theirs, ours] = [chunkSignatures(from), chunkSignatures(to)];
  let held: Buffer = Buffer.alloc(0);
  let chunk: { size: number; signature: string } | undefined;
  let trailer: string[] | undefined;
  let isDone = false;

  /** The next line, where all of it is there. */
  function takeLine(longest: number): string | undefined {
    const end = held.indexOf(END);
    if (end < 0 && held.length <= longest) return undefined;
    if (end < 0 || end > longest) throw refused('A chunk begins with what is no chunk’s head.');
    const line = held.toString('latin1', 0, end);
    held = held.subarray(end + END.length);
    return line;
  }

  function takeHead(): boolean {
    const line = takeLine(LONGEST_HEAD);
    if (line === undefined) return false;
    const [, size = '', signature = ''] = HEAD.exec(line) ?? [];
    if (signature === '') throw refused('A chunk begins with what is no chunk’s head.');
    chunk = { size: Number.parseInt(size, 16), signature: signature.toLowerCase() };
    if (chunk.size > LARGEST_CHUNK) throw refused('A chunk is too large.');
    return true;
  }

  function takeData(push: (data: Buffer) => void): boolean {
    const { size = 0, signature = '' } = chunk ?? {};
    const needed = size === 0 ? 0 : size + END.length;
    if (held.length < needed) return false;
    const data = held.subarray(0, size);
    if (!isEqual(theirs.ofChunk(data), signature)) throw refused('The signature of a chunk does not match.');
    if (size > 0 && !held.subarray(size, needed).equals(END))
      throw refused('A chunk is longer than it says.');
    push(Buffer.from(`${size.toString(16)};chunk-signature=${ours.ofChunk(data)}\r\n`));
    if (size > 0) push(Buffer.concat([data, END]));
    else trailer = [];
    held = held.subarray(needed);
    chunk = undefined;
    return true;
  }

  function takeTrailer(lines: string[], push: (data: Buffer) => void): boolean {
    const line = takeLine(LONGEST_TRAILER);
    if (line === undefined) return false;
    if (line === '') {
      push(END);
      isDone = true;
    } else if (line.toLowerCase().startsWith(LAST_TRAILER)) {
      const text = lines.map((each) => `${each}\n`).join('');
      if (!isEqual(theirs.ofTrailer(text), line.slice(LAST_TRAILER.length).trim())) {
        throw refused('The signature of the trailing headers does not match.');
      }
      push(Buffer.from(`${LAST_TRAILER}${ours.ofTrailer(text)}\r\n`));
      lines.length = 0;
    } else if (TRAILER.test(line)) {
      lines.push(line.replace(/:\s*/, ':'));
      push(Buffer.from(`${line}\r\n`));
    } else throw refused('A trailing header cannot be read.');
    return true;
  }

  return new Transform({
    transform(data: Buffer, _, done: TransformCallback) {
      try {
        held = held.length === 0 ? data : Buffer.concat([held, data]);
        const push = (part: Buffer) => this.push(part);
        while (!isDone) {
          const went = trailer ? takeTrailer(trailer, push) : chunk ? takeData(push) : takeHead();
          if (!went) break;
        }
        if (isDone && held.length > 0) throw refused('Something follows the last chunk.');
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done: TransformCallback) {
      // Trailing headers whose signature is missing were never signed.
      const isWhole = isDone && (trailer?.length ?? 0) === 0;
      done(isWhole ? null : refused('The body ends before its last chunk.'));
    },
  });
}
