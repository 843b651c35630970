import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { DependencyUnavailable } from '../domain/errors.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Milliseconds that S3 may take for an object of a few kilobytes. */
const TIMEOUT = 5_000;

/**
 * Writes objects of the archive, each once: one that is there already stays as it is. `If-None-Match` makes
 * that a promise of S3's, and the checksum is what a bucket with Object Lock asks of every write.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function makeArchiveBucket(deps: { url: string; region: string; credentials: () => Credentials }) {
  const signer = new SignatureV4({
    service: 's3',
    region: deps.region,
    credentials: async () => deps.credentials(),
    sha256: Sha256,
    uriEscapePath: false,
  });
  return {
    /** False where an object of this key was there before. Throws DependencyUnavailable, with the status. */
    async putOnce(key: string, body: string): Promise<boolean> {
      const url = new URL(key.split('/').map(encodeURIComponent).join('/'), `${deps.url}/`);
      const signed = await signer.sign({
        method: 'PUT',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port && { port: Number(url.port) }),
        path: url.pathname,
        headers: {
          host: url.host,
          'content-type': 'application/json',
          'if-none-match': '*',
          'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
        },
        body,
      });
      const answer = await send(url, signed.headers, body);
      if (answer.status === 412) return false;
      if (answer.ok) return true;
      throw new DependencyUnavailable(`archive bucket: ${answer.status}`);
    },
  };
}
export type ArchiveBucket = ReturnType<typeof makeArchiveBucket>;

async function send(url: URL, headers: Record<string, string>, body: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (error) {
    throw new DependencyUnavailable('archive bucket: no answer', { cause: error });
  }
}
