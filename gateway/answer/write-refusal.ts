import { cbor } from '@smithy/core/cbor';
import type { WireProtocol } from '../identify/named-call.ts';
import type { Models } from '../identify/read-models.ts';
import type { RawRequest } from '../wire/raw-request.ts';

/** An error as the service itself would tell it. */
export type Refusal = { readonly status: number; readonly code: string; readonly message: string };

/** How a service writes its errors. */
export type AnswerForm = { readonly protocol: WireProtocol; readonly isOfS3: boolean };

export type WrittenAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** The code for a call that is not allowed, as each family of services has it. */
export const deniedCode = (protocol: WireProtocol): string =>
  protocol === 'rest-xml' || protocol === 'query'
    ? 'AccessDenied'
    : protocol === 'ec2'
      ? 'UnauthorizedOperation'
      : 'AccessDeniedException';

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
};
const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (letter) => ESCAPES[letter] ?? '');

/** The protocol that an answer must have, of a call that was not named. */
export function guessProtocol(
  request: RawRequest | undefined,
  signingName: string | undefined,
  models: Pick<Models, 'of'>,
): WireProtocol {
  const headers = request?.headers;
  if (headers?.has('smithy-protocol')) return 'smithy-rpc-v2-cbor';
  if (headers?.has('x-amz-target')) return 'json';
  if (signingName === 'ec2') return 'ec2';
  const isForm = /x-www-form-urlencoded/i.test(headers?.get('content-type') ?? '');
  if (isForm || request?.query.some(([name]) => name === 'Action')) return 'query';
  const services = signingName === undefined ? [] : models.of(signingName);
  const isXml = services.some(({ protocols }) => protocols.includes('rest-xml'));
  // Unsigned, it is S3's most likely; clients that read JSON have the code from a header.
  return isXml || services.length === 0 ? 'rest-xml' : 'rest-json';
}

const xml = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);

function bodyOf(
  { protocol, isOfS3 }: AnswerForm,
  { code, message }: Refusal,
  requestId: string,
): [string, Buffer] {
  const error = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  const id = `<RequestId>${requestId}</RequestId>`;
  switch (protocol) {
    case 'query':
      return [
        'text/xml',
        xml(`<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${id}</ErrorResponse>`),
      ];
    case 'ec2':
      return [
        'text/xml',
        xml(
          `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
        ),
      ];
    case 'rest-xml':
      // S3 alone has no element around it.
      return isOfS3
        ? ['application/xml', xml(`<Error>${error}${id}</Error>`)]
        : ['text/xml', xml(`<ErrorResponse><Error><Type>Sender</Type>${error}</Error>${id}</ErrorResponse>`)];
    case 'smithy-rpc-v2-cbor':
      return ['application/cbor', Buffer.from(cbor.serialize({ __type: code, message }))];
    default:
      return [
        protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json',
        Buffer.from(JSON.stringify({ __type: code, message, Message: message })),
      ];
  }
}

/**
 * A refusal in the service's own protocol, so that its client reads it as an error and not as noise. Its status is
 * never one that SDKs try again.
 */
export function writeRefusal(refusal: Refusal, form: AnswerForm, requestId: string): WrittenAnswer {
  const { status, code } = refusal;
  const { protocol } = form;
  const [type, body] = bodyOf(form, refusal, requestId);
  return {
    status,
    headers: {
      'content-type': type,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': code,
      ...(protocol === 'smithy-rpc-v2-cbor' && { 'smithy-protocol': 'rpc-v2-cbor' }),
      'content-length': String(body.length),
    },
    body,
  };
}
