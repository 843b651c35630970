import type { ArchivedBody, CallExchange } from '../../lambdas/shared/domain/audit/call-exchange.ts';
import type { CallRecord } from '../../lambdas/shared/domain/audit/call-record.ts';

/** A record of a call that was made, and what is kept of it. */
export type RecordedCall = { readonly record: CallRecord; readonly exchange: CallExchange | undefined };

type Headers = CallExchange['request']['headers'];
const pairsOf = (headers: Headers) =>
  Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })));
const typeOf = (headers: Headers) => String(headers['content-type'] ?? 'application/octet-stream');

/** Why a body is not there, or not all of it. */
function commentOf({ withheld, truncated }: ArchivedBody): { comment?: string } {
  if (withheld !== undefined) return { comment: `withheld: ${withheld}` };
  return truncated ? { comment: 'the beginning alone is kept' } : {};
}

function requestOf({ request }: CallExchange) {
  const { method, target, headers, body } = request;
  const url = `https://${String(headers.host ?? 'gateway')}${target}`;
  const text = body.text ?? body.base64;
  return {
    method,
    url,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(headers),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(text !== undefined && {
      postData: {
        mimeType: typeOf(headers),
        text,
        ...commentOf(body),
        ...(body.base64 !== undefined && { comment: 'base64' }),
      },
    }),
    headersSize: -1,
    bodySize: body.bytes,
    ...(text === undefined && commentOf(body)),
  };
}

const NOTHING: NonNullable<CallExchange['answer']> = { status: 0, headers: {}, body: { bytes: 0 } };

function responseOf(
  { status, headers, body }: NonNullable<CallExchange['answer']>,
  because: string | undefined,
) {
  return {
    status,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(headers),
    content: {
      size: body.bytes,
      mimeType: typeOf(headers),
      ...(body.text !== undefined && { text: body.text }),
      ...(body.base64 !== undefined && { text: body.base64, encoding: 'base64' }),
      ...commentOf(body),
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: body.bytes,
    ...(because !== undefined && { comment: because }),
  };
}

/**
 * Calls as an HTTP archive, which browsers and proxies read. A call whose bodies are not kept is not in it.
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export function harOf(calls: readonly RecordedCall[]) {
  const entries = calls.flatMap(({ record, exchange }) => {
    if (!exchange) return [];
    const { facts } = record;
    const time = facts.milliseconds ?? 0;
    const startedDateTime = new Date(Date.parse(record.at) - time).toISOString();
    return [
      {
        startedDateTime,
        time,
        request: requestOf(exchange),
        response: responseOf(exchange.answer ?? NOTHING, facts.because),
        cache: {},
        timings: { send: 0, wait: time, receive: 0 },
        comment: `${facts.service}:${facts.operation} ${facts.callId}`,
      },
    ];
  });
  return { log: { version: '1.2', creator: { name: 'postern', version: '1' }, entries } };
}
