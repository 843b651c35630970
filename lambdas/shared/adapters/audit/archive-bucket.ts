import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { DependencyUnavailable } from '../../domain/errors.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Milliseconds that S3 may take for an object of some kilobytes. */
const TIMEOUT_MS = 5_000;

/**
 * Objects of the archive, each written once: one that is there already stays as it is. `If-None-Match` makes
 * that a promise of S3's, and the checksum is what a bucket with Object Lock asks of every write.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function makeArchiveBucket(deps: {
  url: string;
  region: string;
  credentials: () => Credentials | Promise<Credentials>;
}) {
  const signer = new SignatureV4({
    service: 's3',
    region: deps.region,
    credentials: async () => deps.credentials(),
    sha256: Sha256,
    uriEscapePath: false,
  });
  async function call(method: 'GET' | 'PUT', key: string, headers: Record<string, string>, body?: string) {
    const url = new URL(key.split('/').map(encodeURIComponent).join('/'), `${deps.url}/`);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, ...headers },
      ...(body !== undefined && { body }),
    });
    return send(url, { method, headers: signed.headers, ...(body !== undefined && { body }) });
  }
  return {
    /** The object of this key; undefined where there is none. Throws DependencyUnavailable, with the status. */
    async get(key: string): Promise<string | undefined> {
      const answer = await call('GET', key, {});
      if (answer.status === 404) return undefined;
      if (answer.ok) return answer.text();
      throw new DependencyUnavailable(`archive bucket: ${answer.status}`);
    },

    /** False where an object of this key was there before. Throws DependencyUnavailable, with the status. */
    async putOnce(key: string, body: string): Promise<boolean> {
      const headers = {
        'content-type': 'application/json',
        'if-none-match': '*',
        'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
      };
      const answer = await call('PUT', key, headers, body);
      if (answer.status === 412) return false;
      if (answer.ok) return true;
      throw new DependencyUnavailable(`archive bucket: ${answer.status}`);
    },
  };
}
export type ArchiveBucket = ReturnType<typeof makeArchiveBucket>;

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new DependencyUnavailable('archive bucket: no answer', { cause: error });
  }
}
