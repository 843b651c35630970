import type { Env, Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { problemResponse } from './problem-response.ts';
import { Problem } from './problems.ts';

/** As much of a REST API proxy event (payload 1.0) as is needed to be one. */
const proxyEventSchema = z.looseObject({
  httpMethod: z.string(),
  path: z.string().startsWith('/'),
  body: z.string().nullish(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  multiValueHeaders: z.record(z.string(), z.unknown()).nullish(),
});
type ProxyEvent = z.infer<typeof proxyEventSchema>;

/**
 * As much of an HTTP API event (payload 2.0) as is needed to be one. Its path begins with the door, which is named after
 * the issuer whose tokens are taken there.
 */
const tokenEventSchema = z.looseObject({
  version: z.literal('2.0'),
  rawPath: z.string().regex(/^\/[a-z][a-z0-9-]{0,31}\//),
  body: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  requestContext: z.looseObject({ http: z.looseObject({ method: z.string() }) }),
});

/** The caller's headers that the API reads. */
const READ_HEADERS =
  /^(idempotency-key|x-subject-token|x-postern-delegation|x-web-identity-token|authorization|dpop)$/i;

/** Whether a header that is read holds what is no ASCII: Hono would write it anew, percent-encoded, and take that. */
const isRewritten = ({ headers, multiValueHeaders }: Partial<ProxyEvent>): boolean =>
  [headers, multiValueHeaders]
    .flatMap((sent) => Object.entries(sent ?? {}))
    .some(([name, value]) => READ_HEADERS.test(name) && /[^\x20-\x7e]/.test([value].flat().join()));

type ProxyAnswer = {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly [part: string]: unknown;
};

/** Names the release that answered: two may be in service while a deployment goes on. */
function withVersion(answer: ProxyAnswer): ProxyAnswer {
  const version = process.env.POSTERN_VERSION;
  return version ? { ...answer, headers: { ...answer.headers, 'postern-version': version } } : answer;
}

async function refuse(): Promise<ProxyAnswer> {
  const response = problemResponse(
    new Problem('invalid_request', 'This is not an HTTP call that can be served; send headers in ASCII.'),
  );
  const headers = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, body: await response.text(), isBase64Encoded: false };
}

/** An event as the application is to see it; undefined for what is no HTTP call that can be served. */
function readEvent(event: unknown): { method: string; event: Record<string, unknown> } | undefined {
  const signed = proxyEventSchema.safeParse(event);
  if (signed.success) {
    return isRewritten(signed.data) ? undefined : { method: signed.data.httpMethod, event: signed.data };
  }
  const byToken = tokenEventSchema.safeParse(event);
  if (!byToken.success || isRewritten({ headers: byToken.data.headers })) return undefined;
  const { rawPath, requestContext } = byToken.data;
  const withoutDoor = { ...byToken.data, rawPath: rawPath.slice(rawPath.indexOf('/', 1)) };
  return { method: requestContext.http.method, event: withoutDoor };
}

/**
 * Serves an application to API Gateway. The application is made at the first event, so that importing a
 * handler makes no client.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function serveProxyEvents<E extends Env>(make: () => Hono<E>): (event: unknown) => Promise<unknown> {
  let serve: ((event: LambdaEvent) => Promise<ProxyAnswer>) | undefined;
  return async (event) => {
    const read = readEvent(event);
    if (!read) return withVersion(await refuse());
    serve ??= handle(make());
    // `Request` refuses a GET with a body; its meaning is undefined, so it is left out.
    const bodiless = ['GET', 'HEAD'].includes(read.method.toUpperCase());
    const answer = await serve({
      ...read.event,
      body: bodiless ? null : (read.event.body ?? null),
    } as unknown as LambdaEvent);
    return withVersion(answer);
  };
}
