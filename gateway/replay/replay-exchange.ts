import { request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ArchivedBody, CallExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import { readRawRequest } from '../wire/raw-request.ts';
import { type SigningKeys, signRequest } from '../wire/sign-request.ts';
import { sha256 } from '../wire/signing-key.ts';
import { shapeOfBody } from './shape-of-body.ts';

/** What became of one call that was made again. */
export type Replayed =
  | { readonly outcome: 'same'; readonly status: number }
  | {
      readonly outcome: 'different';
      readonly status: readonly [recorded: number, replayed: number];
      /** Members that only the recorded answer has, and only the new one. */
      readonly missing: readonly string[];
      readonly added: readonly string[];
    }
  | { readonly outcome: 'skipped'; readonly because: string };

export type ReplayTo = {
  /** An endpoint of this machine: what was done once is not to be done again where it counts. */
  readonly endpoint: URL;
  readonly keys: SigningKeys;
  readonly now: () => Date;
};

/** Whether an endpoint is on this machine, as a sandbox is. */
export const isLocal = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

/** Headers of the connection, and what signing makes anew. */
const MADE_ANEW =
  /^(?:host|connection|content-length|transfer-encoding|expect|x-amz-date|x-amz-content-sha256)$/;

/** Why a call cannot be made again as it was; undefined where it can. */
function unfit({ request, answer }: CallExchange): string | undefined {
  const { body, masked, headers } = request;
  if (!answer) return 'it was never answered';
  if (body.truncated) return 'its body is not kept whole';
  if (masked) return 'something in it is masked';
  if (/aws-chunked/.test(String(headers['content-encoding'] ?? ''))) return 'its body came in signed chunks';
  return undefined;
}

async function send({ signingName, region, request }: CallExchange, { endpoint, keys, now }: ReplayTo) {
  const body =
    request.body.text === undefined
      ? Buffer.from(request.body.base64 ?? '', 'base64')
      : Buffer.from(request.body.text);
  const payloadHash = sha256(body);
  const kept = Object.entries(request.headers).filter(([name]) => !MADE_ANEW.test(name));
  const headers = [
    ...kept.flatMap(([name, value]) => [name, [value].flat().join(',')]),
    ...['host', endpoint.host],
    ...(signingName === 's3' ? ['x-amz-content-sha256', payloadHash] : []),
  ];
  const raw = readRawRequest(request.method, request.target, headers);
  const signed = signRequest(raw, keys, { region, service: signingName, payloadHash }, now());
  return new Promise<{ status: number; body: ArchivedBody }>((resolve, reject) => {
    const sent = httpRequest(
      {
        hostname: endpoint.hostname,
        port: endpoint.port,
        method: request.method,
        path: request.target,
        headers: { ...Object.fromEntries(signed.headers), 'content-length': String(body.length) },
        agent: false,
      },
      (response) => {
        buffer(response).then((bytes) => {
          resolve({
            status: response.statusCode ?? 0,
            body: { bytes: bytes.length, base64: bytes.toString('base64') },
          });
        }, reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Makes a recorded call again, and compares the status and the form of what is answered. Throws where nothing answers. */
export async function replayExchange(exchange: CallExchange, to: ReplayTo): Promise<Replayed> {
  if (!isLocal(to.endpoint)) throw new Error('a session is replayed into a sandbox on this machine alone');
  const because = unfit(exchange);
  const { answer, protocol } = exchange;
  if (because !== undefined || !answer) return { outcome: 'skipped', because: because ?? '' };
  const replayed = await send(exchange, to);
  const [before, after] = [shapeOfBody(answer.body, protocol), shapeOfBody(replayed.body, protocol)];
  const missing = before && after ? [...before].filter((path) => !after.has(path)) : [];
  const added = before && after ? [...after].filter((path) => !before.has(path)) : [];
  return answer.status === replayed.status && missing.length === 0 && added.length === 0
    ? { outcome: 'same', status: replayed.status }
    : { outcome: 'different', status: [answer.status, replayed.status], missing, added };
}
