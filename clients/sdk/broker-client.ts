import type { z } from 'zod';
import {
  linkedViewSchema,
  policyViewSchema,
  type RequestView,
  requestListSchema,
  requestViewSchema,
  revokedViewSchema,
  sealedSchema,
} from '../../lambdas/front-door/request-views.ts';
import { catalogViewSchema } from '../../lambdas/list-catalog/list-catalog-spec.ts';
import type { RecipientKey } from '../../lambdas/shared/domain/workflow-state.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { explainRefusal } from './explain-refusal.ts';
import { errorOf, PosternError } from './postern-error.ts';
import { type Call, type Fetch, makeSignedFetch } from './signed-fetch.ts';

export type BrokerOptions = {
  /** The API's base URL, e.g. `https://….execute-api.eu-central-1.amazonaws.com/prod`. */
  readonly endpoint: string;
  readonly identity: CallerIdentity;
  readonly fetch?: Fetch;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

export type NewRequest = {
  readonly reason: string;
  readonly durationSeconds?: number | undefined;
  readonly subjectToken?: string | undefined;
  /** Of a task that waits for the decision, where the caller is a Step Functions workflow. */
  readonly callback?: { readonly taskToken: string } | undefined;
};
export type NewChange = {
  readonly kind: 'policy' | 'principal';
  readonly target: string;
  readonly proposal: string | Record<string, unknown>;
  readonly reason: string;
};
type Asking = {
  readonly wait?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
};
type AboutOne = { readonly subjectToken?: string | undefined; readonly signal?: AbortSignal | undefined };

type Sent<Schema extends z.ZodType> = Pick<Call, 'method'> & {
  readonly path: string;
  readonly query?: Record<string, string | number | boolean | undefined>;
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly answer: Schema;
};

const defined = (values: Record<string, string | number | boolean | undefined> = {}) =>
  Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );

/** The broker's API, typed. Every call throws PosternError; so does this, where the endpoint is no URL. */
export function makeBrokerClient({ endpoint, identity, fetch, now = Date.now }: BrokerOptions) {
  const signedFetch = makeSignedFetch(identity, fetch);
  const base = endpoint.replace(/\/+$/, '');
  if (!URL.canParse(base)) {
    const detail = `"${endpoint}" is not the address of a broker: it should begin with https://.`;
    throw new PosternError({ code: 'no_endpoint', detail });
  }

  async function send<Schema extends z.ZodType>(sent: Sent<Schema>): Promise<z.output<Schema>> {
    const url = new URL(base + sent.path);
    for (const [name, value] of defined(sent.query)) url.searchParams.set(name, value);
    const response = await reach({
      method: sent.method,
      url,
      headers: Object.fromEntries(defined(sent.headers)),
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
      ...(sent.signal && { signal: sent.signal }),
    });
    if (!response.ok) {
      const { hostname } = url;
      throw await explainRefusal(await errorOf(response), { response, hostname, identity, now: now() });
    }
    const answer = sent.answer.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    const detail = 'The answer is not one of this API: check the endpoint, and that client and broker fit.';
    throw new PosternError({ code: 'unexpected_answer', detail }, response.status);
  }

  async function reach(call: Call): Promise<Response> {
    try {
      return await signedFetch(call);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      const name = error instanceof Error ? error.name : '';
      if (name === 'CredentialsProviderError') {
        const detail = 'There are no AWS credentials to sign with: set a profile or AWS_ACCESS_KEY_ID.';
        throw new PosternError({ code: 'no_credentials', detail });
      }
      const detail = `The broker at ${call.url.origin} cannot be reached.`;
      throw new PosternError({ code: 'broker_unreachable', detail });
    }
  }

  const path = (requestId: string) => `/requests/${encodeURIComponent(requestId)}`;
  const onBehalf = (token: string | undefined) => ({ 'X-Subject-Token': token });

  return {
    createRequest: (
      body: NewRequest,
      { wait, idempotencyKey, signal, dryRun }: Asking & { dryRun?: boolean } = {},
    ) =>
      send({
        method: 'POST',
        path: '/requests',
        query: { wait, dryRun: dryRun || undefined },
        headers: { 'Idempotency-Key': idempotencyKey },
        body,
        signal,
        answer: linkedViewSchema,
      }),

    getRequest: (requestId: string, { subjectToken, signal, wait }: AboutOne & { wait?: number } = {}) =>
      send({
        method: 'GET',
        path: path(requestId),
        query: { wait },
        headers: onBehalf(subjectToken),
        signal,
        answer: requestViewSchema,
      }),

    listRequests: (
      query: { status?: RequestView['status']; limit?: number; cursor?: string; principal?: string } = {},
      { subjectToken, signal }: AboutOne = {},
    ) =>
      send({
        method: 'GET',
        path: '/requests',
        query,
        headers: onBehalf(subjectToken),
        signal,
        answer: requestListSchema,
      }),

    /** Claims for a recipient key: the answer can only be opened with its private half. */
    claim: (requestId: string, recipientKey: RecipientKey, { subjectToken, signal }: AboutOne = {}) =>
      send({
        method: 'POST',
        path: `${path(requestId)}/credentials`,
        headers: onBehalf(subjectToken),
        body: { recipientKey },
        signal,
        answer: sealedSchema,
      }),

    cancel: (requestId: string, { subjectToken, signal }: AboutOne = {}) =>
      send({
        method: 'POST',
        path: `${path(requestId)}/cancel`,
        headers: onBehalf(subjectToken),
        signal,
        answer: requestViewSchema,
      }),

    /** Ends a session before its time; `revocation` is there once it is done. */
    revoke: (
      requestId: string,
      body: { reason?: string; everySession?: boolean } = {},
      { subjectToken, signal }: AboutOne = {},
    ) =>
      send({
        method: 'POST',
        path: `${path(requestId)}/revoke`,
        headers: onBehalf(subjectToken),
        body,
        signal,
        answer: revokedViewSchema,
      }),

    getPolicy: (principal: string, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({
        method: 'GET',
        path: `/policies/${encodeURIComponent(principal)}`,
        signal,
        answer: policyViewSchema,
      }),

    proposeChange: (body: NewChange, { wait, idempotencyKey, signal }: Asking = {}) =>
      send({
        method: 'POST',
        path: '/changes',
        query: { wait },
        headers: { 'Idempotency-Key': idempotencyKey },
        body,
        signal,
        answer: linkedViewSchema,
      }),

    catalog: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/catalog', signal, answer: catalogViewSchema }),
  };
}
export type BrokerClient = ReturnType<typeof makeBrokerClient>;
