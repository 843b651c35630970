import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { type CallerIdentity, credentialsOf } from './caller-identity.ts';
import { networkFetch } from './use-proxies.ts';

export type Call = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
};
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/**
 * `fetch` with AWS Signature Version 4, for API Gateway (`execute-api`). Redirects are refused: a signature is
 * for one host. Proxies of the environment are used, unless `fetch` is given.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function makeSignedFetch(identity: CallerIdentity, fetch?: Fetch) {
  let chosen = fetch;
  return async ({ method, url, headers = {}, body, signal }: Call): Promise<Response> => {
    const signer = new SignatureV4({
      service: 'execute-api',
      region: identity.region,
      credentials: async () => ({ ...(await credentialsOf(identity)) }),
      sha256: Sha256,
    });
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: {
        host: url.host,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const { host: _, ...sent } = signed.headers;
    chosen ??= await networkFetch();
    return chosen(url, {
      method,
      headers: sent,
      redirect: 'error',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  };
}
