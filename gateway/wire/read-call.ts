import { AwsError } from './aws-error.ts';
import { PRESIGNED, type ReceivedRequest } from './read-claim.ts';

/** Which protocol a call came by, and so how it is answered. */
export type Protocol = 'json' | 'query';
export type ParsedCall = { operation: string; input: Record<string, unknown> };

const OF_SIGNATURE = new Set<string>(Object.values(PRESIGNED));

/**
 * The operation and input of a call: JSON with `X-Amz-Target`, or a form (or a URL) with `Action`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readCall({ headers, url, body }: ReceivedRequest): ParsedCall {
  const text = new TextDecoder().decode(body);
  const target = headers.get('x-amz-target');
  if (target) return { operation: target.slice(target.lastIndexOf('.') + 1), input: objectOf(text) };
  const parameters = text === '' ? url.searchParams : new URLSearchParams(text);
  const { Action: operation, Version: _, ...input } = Object.fromEntries(parameters);
  if (!operation) throw new AwsError('MissingAction', 'The request names no operation.', 400);
  return {
    operation,
    input: Object.fromEntries(Object.entries(input).filter(([name]) => !OF_SIGNATURE.has(name))),
  };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(text || '{}');
    if (input !== null && typeof input === 'object' && !Array.isArray(input)) {
      return input as Record<string, unknown>;
    }
  } catch {
    // Told below, with what is JSON but no object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.', 400);
}
