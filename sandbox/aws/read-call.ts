import { AwsError } from './types.ts';

/** Which protocol a call came by, and so how it is answered. */
export type Protocol = 'json' | 'query';
export type ParsedCall = { protocol: Protocol; operation: string; input: Record<string, unknown> };

/**
 * The operation and input of a call: JSON with `X-Amz-Target`, or a form with `Action`.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readCall(headers: Headers, body: string): ParsedCall {
  const target = headers.get('x-amz-target');
  if (target) {
    try {
      const input: unknown = JSON.parse(body || '{}');
      if (input === null || typeof input !== 'object' || Array.isArray(input))
        throw new TypeError('not an object');
      return {
        protocol: 'json',
        operation: target.slice(target.lastIndexOf('.') + 1),
        input: input as Record<string, unknown>,
      };
    } catch {
      throw new AwsError('SerializationException', 'The body is not a JSON object.', 400);
    }
  }
  const { Action: operation, Version: _, ...input } = Object.fromEntries(new URLSearchParams(body));
  if (!operation) throw new AwsError('MissingAction', 'The request names no operation.', 400);
  return { protocol: 'query', operation, input };
}
