import type { CallerIdentity } from './caller-identity.ts';
import { PosternError } from './postern-error.ts';
import { type Call, type Fetch, makeSignedFetch } from './signed-fetch.ts';
import { networkFetch } from './use-proxies.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A token is good for whoever reads it: it is sent over TLS, or within this machine. */
export function checkPrivate({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
  const detail = 'The broker’s address does not begin with https://: a token is not sent there.';
  throw new PosternError({ code: 'no_endpoint', detail });
}

/** `fetch` as a caller: with its token where it has one, else signed. */
export function makeAuthorizedFetch(identity: CallerIdentity, fetch?: Fetch) {
  const signedFetch = makeSignedFetch(identity, fetch);
  let chosen = fetch;
  return async (call: Call): Promise<Response> => {
    if (!identity.token) return signedFetch(call);
    const { method, url, headers, body, signal } = call;
    checkPrivate(url);
    const token = await identity.token();
    const proof = await identity.prove?.({ method, url, token });
    chosen ??= await networkFetch();
    return chosen(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(proof !== undefined && { dpop: proof }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'error',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  };
}
