import { identify } from '../../../gateway/identify/identify.ts';
import type { Models } from '../../../gateway/identify/read-models.ts';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { ParsedCall } from '../../../gateway/wire/read-call.ts';
import type { ReceivedRequest } from '../../../gateway/wire/read-claim.ts';

/** Parameters that stand in headers by a common prefix, as `x-amz-meta-`. */
const headersBy = (headers: Headers, prefix: string): Record<string, string> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

/** The operation and input of a call that says them by its method, path, query and headers; a body as its bytes. */
export function readRestCall(
  { method, url, headers, body }: ReceivedRequest,
  signingName: string,
  models: Models,
): ParsedCall {
  const request = {
    method,
    path: url.pathname,
    query: [...url.searchParams],
    queryText: url.search.slice(1),
    headers: new Map(headers),
  };
  const named = identify({ request, body, signingName }, models);
  if ('notNamed' in named)
    throw new AwsError(
      'NotImplemented',
      `The sandbox cannot tell what this call is: ${named.notNamed}.`,
      501,
    );
  const { operation, parameters } = named;
  const input: Record<string, unknown> = { ...parameters };
  for (const { name, place, wire } of operation.members) {
    if (place === 'P' && !Object.hasOwn(input, name)) input[name] = body;
    if (place === 'H') input[name] = headersBy(headers, wire.toLowerCase());
  }
  return { operation: operation.name, input };
}
