import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RawRequest } from '../wire/raw-request.ts';
import { type SigningKeys, signRequest } from '../wire/sign-request.ts';
import { type ChainStart, signChunksAnew } from '../wire/signed-chunks.ts';
import type { Verified } from '../wire/verify-request.ts';
import { checkDigest } from './check-digest.ts';
import type { Upstream } from './upstream.ts';

/** A call that was judged, ready to be made. */
export type Outgoing = {
  readonly request: RawRequest;
  readonly verified: Pick<Verified<unknown>, 'payload' | 'claim' | 'scope' | 'key'>;
  /** All of the body, or its stream. */
  readonly body: Buffer | Readable;
  /** The path to send, where it is not the one that came: a bucket stood in the host. */
  readonly path: string;
  readonly upstream: Upstream;
  readonly keys: SigningKeys;
  readonly signal: AbortSignal;
  /** Sees a body that streams, piece by piece. */
  readonly onBody?: (piece: Buffer) => void;
};

/** What the upstream answered, its body still to come. */
export type Incoming = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string | string[]>;
  readonly body: IncomingMessage;
};

/** The upstream could not be reached, or did not answer. */
export class UpstreamUnreachable extends Error {
  override name = 'UpstreamUnreachable';
}

/** Headers of one connection, and what is made anew. */
const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);
/** Milliseconds without a byte: a function may compute for a quarter of an hour before it answers. */
const IDLE_MS = 15 * 60 * 1000;
/** Milliseconds that a connection lies idle: servers close theirs after five seconds at the soonest, perhaps as a call is sent on it. */
const KEPT_MS = 4000;
const kept = { keepAlive: true, maxSockets: 512, timeout: KEPT_MS };
const agents = { 'http:': new HttpAgent(kept), 'https:': new HttpsAgent(kept) };

/** Signs a call anew for its upstream. */
function sign({ request, verified, path, upstream, keys }: Outgoing, now: Date) {
  const { payload, scope } = verified;
  const headers = new Map([...request.headers].filter(([name]) => !OF_CONNECTION.has(name)));
  headers.set('host', upstream.host);
  const payloadHash =
    request.headers.get('x-amz-content-sha256') ??
    (payload.kind === 'hashed' ? payload.sha256 : 'UNSIGNED-PAYLOAD');
  if (scope.service.startsWith('s3')) headers.set('x-amz-content-sha256', payloadHash);
  const toSign: RawRequest = { ...request, path, headers };
  const signed = signRequest(
    toSign,
    keys,
    { region: upstream.region, service: scope.service, payloadHash },
    now,
  );
  return { ...signed, target: request.queryText === '' ? path : `${path}?${request.queryText}` };
}

/** Sends the body, checked on its way where only its end shows whether it is what was signed. */
async function sendBody(call: Outgoing, to: Writable, ours: ChainStart): Promise<void> {
  const { body, verified, signal } = call;
  const { payload, key, scope, claim } = verified;
  // Beside what sends it on, at whose pace it comes: a stage of its own would take every piece once more.
  if (!Buffer.isBuffer(body) && call.onBody) body.on('data', call.onBody);
  if (payload.kind === 'signed-chunks') {
    const theirs = { key, scope, signature: claim.signature };
    const source = Buffer.isBuffer(body) ? [body] : body;
    await pipeline(source, signChunksAnew(theirs, ours), to, { signal });
  } else if (Buffer.isBuffer(body)) {
    to.end(body);
  } else if (payload.kind === 'hashed') {
    await pipeline(body, checkDigest(payload.sha256), to, { signal });
  } else {
    await pipeline(body, to, { signal });
  }
}

/**
 * Makes a call, signed with a session's keys, and answers once the upstream's head is there. Bodies stream in both
 * directions, as fast as the slower side takes them. Throws UpstreamUnreachable; or AwsError where the body was not
 * what was signed, after which the upstream has had no whole body.
 */
export async function forward(call: Outgoing, now: Date): Promise<Incoming> {
  const { upstream, request, signal } = call;
  const { headers, target, key, scope, signature } = sign(call, now);
  const sendRequest = upstream.protocol === 'http:' ? httpRequest : httpsRequest;
  const sent = sendRequest({
    method: request.method,
    hostname: upstream.hostname,
    port: upstream.port,
    path: target,
    headers: Object.fromEntries(headers),
    agent: agents[upstream.protocol],
    signal,
  });
  sent.setTimeout(IDLE_MS, () => sent.destroy(new UpstreamUnreachable('the upstream says nothing')));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  // Whoever fails first says why; the other's failure follows from it.
  answered.catch(() => {});
  let refused: unknown;
  await sendBody(call, sent, { key, scope, signature }).catch((error: unknown) => {
    refused = error;
    sent.destroy();
  });
  if (refused instanceof Error && refused.name !== 'AbortError' && 'httpStatus' in refused) throw refused;
  const response = await answered.catch((error: Error) => {
    throw new UpstreamUnreachable(error.message);
  });
  const passed = Object.entries(response.headers).filter(([name]) => !OF_CONNECTION.has(name));
  return {
    status: response.statusCode ?? 502,
    headers: new Map(
      passed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ),
    body: response,
  };
}

/** Ends what is kept open to upstreams. */
export function closeUpstreams(): void {
  for (const agent of Object.values(agents)) agent.destroy();
}
