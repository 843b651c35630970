import { randomUUID } from 'node:crypto';
import type { AwsCaller } from '../aws/types.ts';
import { bodyOf } from './event-body.ts';
import type { FoundRoute } from './find-route.ts';

/** What every stage of the API is called, on AWS too. */
export const STAGE = 'api';

/** Values by name. Names are the client's own, so that none may meet a plain object's `constructor`. */
function lists(entries: Iterable<[string, string]>): Record<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of entries) byName.set(name, [...(byName.get(name) ?? []), value]);
  return Object.fromEntries(byName);
}

const last = (valuesByName: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(valuesByName).map(([name, values]) => [name, values.at(-1) ?? '']));

/**
 * A request as API Gateway hands it to a function: payload 1.0, with the identity it verified.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEventOf(
  request: Request,
  body: ArrayBuffer,
  { route, parameters }: Extract<FoundRoute, { kind: 'route' }>,
  caller: AwsCaller | undefined,
): Record<string, unknown> {
  const url = new URL(request.url);
  const headers = lists(request.headers);
  const query = lists(url.searchParams);
  const path = url.pathname.slice(STAGE.length + 1);
  const hasQuery = Object.keys(query).length > 0;
  return {
    resource: route.path,
    path,
    httpMethod: request.method,
    headers: last(headers),
    multiValueHeaders: headers,
    queryStringParameters: hasQuery ? last(query) : null,
    multiValueQueryStringParameters: hasQuery ? query : null,
    pathParameters: Object.keys(parameters).length > 0 ? parameters : null,
    stageVariables: null,
    requestContext: {
      accountId: caller?.accountId ?? null,
      apiId: 'sandbox',
      httpMethod: request.method,
      path: url.pathname,
      protocol: 'HTTP/1.1',
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      resourcePath: route.path,
      stage: STAGE,
      identity: {
        accessKey: caller?.accessKeyId ?? null,
        accountId: caller?.accountId ?? null,
        caller: caller?.userId ?? null,
        user: caller?.userId ?? null,
        userArn: caller?.arn ?? null,
        sourceIp: '127.0.0.1',
        userAgent: request.headers.get('user-agent'),
      },
    },
    ...bodyOf(body),
  };
}
