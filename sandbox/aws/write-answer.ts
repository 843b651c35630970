import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AwsError } from '../../gateway/wire/aws-error.ts';
import type { Protocol } from '../../gateway/wire/read-call.ts';
import { escapeXml } from './escape-xml.ts';

/** A value as XML: an element a key, and one for each of a list. */
export function toXml(value: unknown): string {
  if (value === null || typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .flatMap(([name, content]) => [content].flat().map((item) => `<${name}>${toXml(item)}</${name}>`))
    .join('');
}

const xml = (status: number, body: string) =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>${body}`, {
    status,
    headers: { 'content-type': 'text/xml' },
  });

/**
 * Clients of DynamoDB compare the checksum, and the SDK for Go warns at each answer that has none. The other
 * services of this protocol send none, and nobody looks for it there.
 */
const json = (status: number, value: unknown) => {
  const body = JSON.stringify(value);
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': randomUUID(),
      'x-amz-crc32': String(crc32(body)),
    },
  });
};

/** How a call's answer is written: by the protocol it came by, and of REST by that of its service. */
export type AnswerProtocol = Protocol | 'rest-json' | 'rest-xml';

export function writeAnswer(protocol: AnswerProtocol, operation: string, output: unknown): Response {
  if (protocol === 'json' || protocol === 'rest-json') return json(200, output ?? {});
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return xml(
    200,
    `<${operation}Response><${operation}Result>${toXml(output ?? {})}</${operation}Result>${metadata}</${operation}Response>`,
  );
}

/** Codes that the query protocol spells otherwise. */
const IN_QUERY: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  ExpiredTokenException: 'ExpiredToken',
  AccessDeniedException: 'AccessDenied',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
};

/** The error as its protocol writes it: JSON answers 400 where the query protocol says 403. */
export function writeError(protocol: AnswerProtocol, error: AwsError): Response {
  if (protocol === 'rest-json') {
    const { code, message, details } = error;
    const status = code === 'AccessDeniedException' ? 403 : error.httpStatus;
    const answer = json(status, { Message: message, message, Type: 'User', ...details });
    answer.headers.set('x-amzn-errortype', code);
    return answer;
  }
  if (protocol === 'json') {
    const status = error.httpStatus === 403 ? 400 : error.httpStatus;
    const { code: __type, message, details } = error;
    return json(status, { __type, message, Message: message, ...details });
  }
  const code = IN_QUERY[error.code] ?? error.code;
  const status = code === 'AccessDenied' ? 403 : error.httpStatus;
  if (protocol === 'rest-xml') {
    const text = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${randomUUID()}</RequestId></Error>`;
    return xml(status, text);
  }
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}
