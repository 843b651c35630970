import type { ArchivedBody, CallExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import type { NamedCall } from '../identify/named-call.ts';
import { type Headers, maskHeaders } from '../mask/mask-answer.ts';
import { maskBody } from '../mask/mask-body.ts';
import { memberNode, membersOf } from '../mask/mask-node.ts';
import { formText, maskRequest, requestRoot } from '../mask/mask-request.ts';
import { NOTHING_MASKED, type Planned } from '../mask/plan-mask.ts';
import { decompress } from '../wire/decompress.ts';
import type { RawRequest } from '../wire/raw-request.ts';
import { type Captured, MOST_KEPT_BYTES } from './capture.ts';

/** A call that was made, as far as it came. */
export type Exchange = {
  readonly session: string;
  readonly callId: string;
  readonly call: NamedCall;
  readonly region: string;
  /** Without its signature. */
  readonly request: RawRequest;
  readonly sent: Captured;
  readonly answer?: { readonly status: number; readonly headers: Headers; readonly body: Captured };
  /** What is masked of it, whoever called. */
  readonly planned: Planned;
};

/** Headers that sign, or prove who somebody is. */
const NOT_KEPT = /^(?:authorization|x-amz-security-token|cookie|set-cookie|proxy-authorization)$/;
const OF_SIGNATURE = /^x-amz-(?:signature|security-token|credential)$/i;

type Mask = (bytes: Uint8Array) => Uint8Array | undefined;

function keep({ bytes, kept }: Captured, encoding: string | undefined, mask: Mask | undefined): ArchivedBody {
  if (bytes === 0) return { bytes };
  const truncated = bytes > kept.length;
  if (truncated && (mask || encoding)) return { bytes, withheld: 'too long to be masked' };
  const plain = decompress(kept, encoding, MOST_KEPT_BYTES * 4);
  const masked = plain && (mask ? mask(plain) : plain);
  if (!masked) return { bytes, withheld: 'it should be masked, and cannot be read' };
  const shown = Buffer.from(masked.subarray(0, MOST_KEPT_BYTES));
  const isCut = truncated || shown.length < masked.length;
  return { bytes, ...textOf(shown, isCut), ...(isCut && { truncated: true }) };
}

/** Text where it is UTF-8; of what was cut the last letter may be half of one. */
function textOf(bytes: Buffer, isCut: boolean): Pick<ArchivedBody, 'text' | 'base64'> {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }) };
  } catch {
    return { base64: bytes.toString('base64') };
  }
}

/** `gzip` and the like; S3's own chunks are taken out of a body before it is kept, or are not read. */
const encodingOf = (value: string | string[] | undefined): string | undefined => {
  const name = Array.isArray(value) ? value.join() : value;
  return name === undefined || /^(?:aws-chunked|identity)?$/.test(name) ? undefined : name;
};

function keptRequest({ request, sent, call, planned }: Exchange): CallExchange['request'] {
  const root = requestRoot(call);
  const sensitive = membersOf(root).filter((member) => root && memberNode(root, member).isWhole);
  const isHidden = (place: string, name: string) =>
    sensitive.some((member) => member.place === place && member.wire.toLowerCase() === name.toLowerCase());
  const headers = [...request.headers].filter(([name]) => !NOT_KEPT.test(name) && !isHidden('h', name));
  const query = request.query.filter(([name]) => !OF_SIGNATURE.test(name) && !isHidden('q', name));
  const isPathHidden = sensitive.some(({ place }) => place === 'u');
  const path = isPathHidden ? '/[masked]' : request.path;
  const plan = planned.outcome === 'mask' ? planned.plan : NOTHING_MASKED;
  const masks = root !== undefined || planned.outcome !== 'nothing';
  const body: ArchivedBody =
    planned.outcome === 'refuse'
      ? { bytes: sent.bytes, withheld: planned.because }
      : keep(
          sent,
          encodingOf(request.headers.get('content-encoding')),
          masks ? (bytes) => maskRequest(bytes, call, plan) : undefined,
        );
  const isMasked =
    isPathHidden ||
    headers.length < [...request.headers].filter(([name]) => !NOT_KEPT.test(name)).length ||
    query.length < request.query.filter(([name]) => !OF_SIGNATURE.test(name)).length ||
    body.withheld !== undefined ||
    (masks && body.text !== sent.kept.toString());
  const queryText = query.length === request.query.length ? request.queryText : formText(query);
  return {
    method: request.method,
    target: queryText === '' ? path : `${path}?${queryText}`,
    headers: Object.fromEntries(headers),
    body,
    ...(isMasked && { masked: true }),
  };
}

function keptAnswer(
  { call, planned }: Exchange,
  { status, headers, body }: NonNullable<Exchange['answer']>,
): NonNullable<CallExchange['answer']> {
  const plan = planned.outcome === 'mask' ? planned.plan : NOTHING_MASKED;
  const shown = [...maskHeaders(headers, call, plan)].filter(([name]) => !NOT_KEPT.test(name));
  const because = call.operation.answersCredentials
    ? 'it holds credentials'
    : planned.outcome === 'refuse'
      ? planned.because
      : undefined;
  const mask =
    planned.outcome === 'mask'
      ? (bytes: Uint8Array) => maskBody(bytes, call, plan, status >= 300)
      : undefined;
  return {
    status,
    headers: Object.fromEntries(shown),
    body:
      because !== undefined && body.bytes > 0 && status < 300
        ? { bytes: body.bytes, withheld: because }
        : keep(body, encodingOf(headers.get('content-encoding')), mask),
  };
}

/** What is kept of a call in the archive. */
export function describeExchange(exchange: Exchange): CallExchange {
  const { session, callId, call, region, answer } = exchange;
  const { service, operation, protocol } = call;
  return {
    version: 1,
    ...{ session, callId, service: service.id, operation: operation.name, signingName: service.signing },
    ...{ region, protocol },
    request: keptRequest(exchange),
    ...(answer && { answer: keptAnswer(exchange, answer) }),
  };
}
