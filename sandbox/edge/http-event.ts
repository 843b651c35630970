import { randomUUID } from 'node:crypto';
import { bodyOf } from './event-body.ts';

type Api = {
  readonly apiId: string;
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
};

/**
 * A request as an HTTP API hands it to a function: payload 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEventOf(
  request: Request,
  body: ArrayBuffer,
  { apiId, routeKey, pathParameters = {} }: Api,
): Record<string, unknown> {
  const url = new URL(request.url);
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(request.headers),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: 'anonymous',
      apiId,
      domainName: url.host,
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers.get('user-agent') ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      timeEpoch: Date.now(),
    },
    ...bodyOf(body),
  };
}
