import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { requestIdSchema } from '../domain/access-request.ts';
import { DependencyUnavailable } from '../domain/errors.ts';
import { delegationField, idempotencyKeyField, subjectTokenField } from './caller-fields.ts';
import type { DelegatedCaller, SignedInCaller } from './delegated-caller.ts';
import type { TokenPorts } from './identify-by-token.ts';
import { type Caller, type CallerLookup, identifyCaller } from './identify-caller.ts';
import { noKeysForConsoles } from './no-keys-for-consoles.ts';
import type { Answer, Call, OpenOperation, Operation, OperationSpec } from './operation.ts';
import { problemResponse } from './problem-response.ts';
import { Problem } from './problems.ts';
import { parsePart, queryOf, readJson, refuseSelectedGrants } from './read-input.ts';
import { signingDigestOf } from './signing-digest.ts';

/** What every API function needs, whatever its operations do. */
export type ServerPorts = {
  readonly principals: CallerLookup;
  /** Of a function behind the door for tokens. */
  readonly tokens?: TokenPorts;
  /** Who a gateway calls for; absent where no operation lets one. */
  readonly byDelegation?: (token: string, requestContext: unknown) => Promise<DelegatedCaller>;
  /** Who showed a gateway a token; absent where no operation takes one. */
  readonly byWebIdentity?: (token: string, requestContext: unknown) => Promise<SignedInCaller>;
  readonly clock: () => Date;
  /** One line a call: ids, codes, milliseconds. Never a body or a header. */
  readonly log: (fields: Record<string, unknown>) => void;
};

type Env = {
  Bindings: {
    requestContext?: { requestId?: unknown; path?: unknown; http?: { path?: unknown } };
  };
  Variables: { callId: string | undefined; principalId: string; requestId: string; code: string };
};

/** Milliseconds. API Gateway gives up at 29 s; this leaves time to answer, and for a sign-in URL. */
const CALL_BUDGET_MS = 25_000;

const headersSchema = z.strictObject({
  'X-Subject-Token': subjectTokenField.optional(),
  'Idempotency-Key': idempotencyKeyField.optional(),
});

/** What gateways alone send, and what only counts of them. */
const gatewayHeadersSchema = z.strictObject({
  'X-Postern-Delegation': delegationField.optional(),
  'X-Web-Identity-Token': subjectTokenField.optional(),
});

/** What the gateway put before the API's own paths: a stage, or the sandbox's `/api`. */
function basePathOf(gatewayPath: unknown, path: string): string {
  if (typeof gatewayPath !== 'string' || !gatewayPath.endsWith(path)) return '';
  const base = gatewayPath.slice(0, -path.length);
  return /^(\/[\w.~-]+)*$/.test(base) ? base : '';
}

type WhoCalls = Pick<Call, 'caller' | 'delegation' | 'webIdentity'> & Pick<Caller, 'signedIn'>;

/**
 * Who calls: by signature or token; or, where a gateway signed and brings a delegation or somebody's token, whose that
 * is.
 */
async function callerOf(
  { env: { requestContext }, req }: Context<Env>,
  operation: OperationSpec,
  ports: ServerPorts,
): Promise<WhoCalls> {
  const { 'X-Postern-Delegation': delegation, 'X-Web-Identity-Token': webToken } = parsePart(
    gatewayHeadersSchema,
    {
      ...(operation.readsDelegation && { 'X-Postern-Delegation': req.header('x-postern-delegation') }),
      ...(operation.readsWebIdentity && { 'X-Web-Identity-Token': req.header('x-web-identity-token') }),
    },
    'headers',
  );
  if (delegation !== undefined && ports.byDelegation) return ports.byDelegation(delegation, requestContext);
  if (webToken !== undefined && ports.byWebIdentity) return ports.byWebIdentity(webToken, requestContext);
  const carried = { requestContext, url: new URL(req.url), header: (name: string) => req.header(name) };
  const { principal, signedIn } = await identifyCaller(carried, ports);
  return { caller: principal, ...(signedIn && { signedIn }) };
}

async function callOf<Ports>(
  c: Context<Env>,
  operation: Operation<Ports>,
  ports: ServerPorts,
): Promise<Call> {
  const url = new URL(c.req.url);
  const { caller, signedIn, delegation, webIdentity } = await callerOf(c, operation, ports);
  c.set('principalId', caller.id);
  if (signedIn?.askOnly && !operation.onlyAsks)
    throw new Problem('token_only_asks', 'Sign in with a browser on this machine: postern login.');
  if (signedIn?.redirectOnly && operation.handsOver) throw noKeysForConsoles();
  const { 'X-Subject-Token': subjectToken, 'Idempotency-Key': idempotencyKey } = parsePart(
    headersSchema,
    {
      ...(operation.readsSubjectToken && { 'X-Subject-Token': c.req.header('x-subject-token') }),
      ...(operation.readsIdempotencyKey && { 'Idempotency-Key': c.req.header('idempotency-key') }),
    },
    'headers',
  );
  const bytes = await c.req.arrayBuffer();
  const json = operation.body ? readJson(bytes, operation.maxBodyBytes) : undefined;
  refuseSelectedGrants(json);
  const signedAt = c.req.header('x-amz-date') ?? c.req.header('date');
  const { requestContext } = c.env;
  const signingDigest = signingDigestOf({
    requestContext,
    method: c.req.method,
    url,
    signedAt,
    body: bytes,
  });
  return {
    caller,
    id: c.req.param('id') ?? '',
    ...(operation.pathItem && { item: c.req.param('item') ?? '' }),
    query: operation.query && parsePart(operation.query, queryOf(url), 'query'),
    body: operation.body && parsePart(operation.body, json, 'body'),
    basePath: basePathOf(c.env.requestContext?.path ?? c.env.requestContext?.http?.path, url.pathname),
    deadline: new Date(ports.clock().getTime() + CALL_BUDGET_MS),
    ...(subjectToken !== undefined && { subjectToken }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(signingDigest !== undefined && { signingDigest }),
    ...(signedIn && { tokenOf: signedIn.tokenOf }),
    ...(signedIn?.askOnly && { onlyAsks: true }),
    ...(signedIn?.redirectOnly && { redirectOnly: true }),
    ...(signedIn?.actsFor && { actsFor: signedIn.actsFor }),
    ...(delegation && { delegation }),
    ...(webIdentity && { webIdentity }),
  };
}

const respond = ({ status, body, headers }: Answer) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

/** Notes for the log which request a call is about, where it names one as requests are named. */
function noteRequest(c: Context<Env>, id: unknown): void {
  const requestId = requestIdSchema.safeParse(id);
  if (requestId.success) c.set('requestId', requestId.data);
}

/** What the caller is told of an error: its own problem, a failed dependency, or a defect. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DependencyUnavailable) {
    return new Problem('unavailable', 'Try again in a few seconds; use an Idempotency-Key to be safe.', {
      retryAfterSeconds: 2,
    });
  }
  return new Problem('internal_error', 'Try again; if it stays, report it with this problem’s "instance".');
}

const honoPathOf = ({ path }: Pick<OperationSpec, 'path'>): string =>
  path.replaceAll(/\{(id|item)\}/g, ':$1');

/** The operations as an HTTP application: identity, parsing, problems and log lines in one place. */
export function serveOperations<Ports extends ServerPorts>(
  operations: readonly (Operation<Ports> | OpenOperation)[],
  ports: Ports,
): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const startedAt = ports.clock().getTime();
    const callId = z.uuid().safeParse(c.env.requestContext?.requestId);
    c.set('callId', callId.data);
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    ports.log({
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      ms: ports.clock().getTime() - startedAt,
      callId: c.get('callId'),
      principalId: c.get('principalId'),
      requestId: c.get('requestId'),
      code: c.get('code'),
    });
  });

  for (const operation of operations) {
    const path = honoPathOf(operation);
    app.on(operation.method, path, async (c) => {
      if ('answer' in operation) return respond(operation.answer());
      noteRequest(c, c.req.param('id'));
      const answer = await operation.run(await callOf(c, operation, ports), ports);
      noteRequest(c, (answer.body as { requestId?: unknown } | undefined)?.requestId);
      return respond(answer);
    });
  }
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const allow = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    app.all(honoPathOf({ path }), () => {
      throw new Problem('method_not_allowed', `Use ${allow.join(' or ')}.`, { allow });
    });
  }

  app.notFound((c) => {
    c.set('code', 'route_not_found');
    const problem = new Problem('route_not_found', 'See GET /openapi.json for the paths of this API.');
    return problemResponse(problem, c.get('callId'));
  });
  app.onError((error, c) => {
    const problem = problemOf(error);
    c.set('code', problem.code);
    // A defect's message may quote input: its name and place are enough to find it.
    if (problem.code === 'internal_error') ports.log({ defect: error.name, at: error.stack?.split('\n')[1] });
    if (problem.code === 'unavailable') ports.log({ unavailable: error.message });
    return problemResponse(problem, c.get('callId'));
  });
  return app;
}
