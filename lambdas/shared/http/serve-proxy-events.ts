import type { Env, Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { z } from 'zod';
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

/** The caller's headers that the API reads. */
const READ_HEADERS = /^(idempotency-key|x-subject-token)$/i;

/** Whether a header that is read holds what is no ASCII: Hono would write it anew, percent-encoded, and take that. */
const isRewritten = ({ headers, multiValueHeaders }: ProxyEvent): boolean =>
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

/**
 * Serves an application to API Gateway. The application is made at the first event, so that importing a
 * handler makes no client.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function serveProxyEvents<E extends Env>(make: () => Hono<E>): (event: unknown) => Promise<unknown> {
  let serve: ((event: LambdaEvent) => Promise<ProxyAnswer>) | undefined;
  return async (event) => {
    const parsed = proxyEventSchema.safeParse(event);
    if (!parsed.success || isRewritten(parsed.data)) return withVersion(await refuse());
    serve ??= handle(make());
    // `Request` refuses a GET with a body; its meaning is undefined, so it is left out.
    const bodiless = ['GET', 'HEAD'].includes(parsed.data.httpMethod.toUpperCase());
    const answer = await serve({
      ...parsed.data,
      body: bodiless ? null : (parsed.data.body ?? null),
    } as unknown as LambdaEvent);
    return withVersion(answer);
  };
}
