import type * as z from 'zod';
import {
  accessReviewListSchema,
  accessReviewPageSchema,
  openedReviewSchema,
  reviewItemDetailSchema,
} from '../../lambdas/access-reviews/access-review-specs.ts';
import {
  approvalListSchema,
  approvalViewSchema,
  challengeViewSchema,
  passkeyListSchema,
  recordedVoteSchema,
} from '../../lambdas/cast-vote/vote-views.ts';
import {
  callListSchema,
  gatewaySessionListSchema,
  gatewaySessionSchema,
} from '../../lambdas/front-door/gateway-session-view.ts';
import {
  linkedViewSchema,
  redirectSchema,
  requestListSchema,
  requestViewSchema,
  revokedViewSchema,
} from '../../lambdas/front-door/request-views.ts';
import { directoryViewSchema } from '../../lambdas/list-catalog/get-directory-spec.ts';
import { policyVersionsSchema, policyViewSchema } from '../../lambdas/list-catalog/get-policy-spec.ts';
import { catalogViewSchema } from '../../lambdas/list-catalog/list-catalog-spec.ts';
import { accessMatrixSchema, principalListSchema } from '../../lambdas/list-catalog/people-specs.ts';
import {
  auditPageSchema,
  executionViewSchema,
  liveSessionsSchema,
  verificationSchema,
} from '../../lambdas/read-records/record-specs.ts';
import { ApiProblem, problemIn } from './api-problem.ts';

/** Milliseconds that an answer may take: less than a function has. */
const TIMEOUT_MS = 27_000;

export type ApiOptions = {
  /** The door for tokens, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
};
type Query = Readonly<Record<string, string | undefined>>;
type Sent = {
  readonly body?: unknown;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The broker's API as one person, by their token. Every call throws ApiProblem. */
export function makeApi({ url, token, fetch: send = fetch }: ApiOptions) {
  async function call<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    { body, query = {}, headers = {} }: Sent = {},
  ): Promise<z.output<Schema>> {
    const target = new URL(`${url}${path}`);
    for (const [name, value] of Object.entries(query)) if (value) target.searchParams.set(name, value);
    let response: Response;
    let answer: unknown;
    try {
      response = await send(target, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(method === 'POST' && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch {
      throw new ApiProblem(503, 'api_down', 'The broker does not answer.');
    }
    if (!response.ok) throw problemIn(response.status, answer);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw problemIn(502, undefined);
    return parsed.data;
  }
  /** The fresh token of whoever a request was made for: without it, that request does not exist. */
  const onBehalf = (subjectToken: string | undefined) => ({
    headers: subjectToken ? { 'x-subject-token': subjectToken } : {},
  });
  const itemPathOf = (id: string, principal: string) =>
    `/access-reviews/${encodeURIComponent(id)}/items/${encodeURIComponent(principal)}`;
  const pathOf = (id: string) => `/requests/${encodeURIComponent(id)}`;

  return {
    requests: (query: Query = {}) => call('GET', '/requests', requestListSchema, { query }),
    request: (id: string, subjectToken?: string) =>
      call('GET', pathOf(id), requestViewSchema, onBehalf(subjectToken)),
    execution: (id: string) => call('GET', `${pathOf(id)}/execution`, executionViewSchema),
    ask: (body: unknown, idempotencyKey: string, dryRun: boolean) =>
      call('POST', '/requests', linkedViewSchema, {
        body,
        query: { dryRun: dryRun ? 'true' : undefined, wait: dryRun ? '20' : '2' },
        headers: { 'idempotency-key': idempotencyKey },
      }),
    cancel: (id: string, subjectToken?: string) =>
      call('POST', `${pathOf(id)}/cancel`, requestViewSchema, onBehalf(subjectToken)),
    revoke: (id: string, body: unknown, subjectToken?: string) =>
      call('POST', `${pathOf(id)}/revoke`, revokedViewSchema, { body, ...onBehalf(subjectToken) }),
    /** Claims the session as where it signs in to AWS: its keys are not answered. */
    claimForConsole: (id: string, subjectToken?: string) =>
      call('POST', `${pathOf(id)}/credentials`, redirectSchema, {
        body: { delivery: 'redirect' },
        ...onBehalf(subjectToken),
      }),
    propose: (body: unknown, idempotencyKey: string) =>
      call('POST', '/changes', linkedViewSchema, { body, headers: { 'idempotency-key': idempotencyKey } }),
    approvals: () => call('GET', '/approvals', approvalListSchema),
    votes: (id: string) => call('GET', `${pathOf(id)}/votes`, approvalViewSchema),
    vote: (id: string, body: unknown) => call('POST', `${pathOf(id)}/votes`, recordedVoteSchema, { body }),
    challenge: (id: string, body: unknown) =>
      call('POST', `${pathOf(id)}/votes/challenge`, challengeViewSchema, { body }),
    passkeys: (query: Query = {}) => call('GET', '/passkeys', passkeyListSchema, { query }),
    enrolPasskey: (body: unknown, idempotencyKey: string) =>
      call('POST', '/passkeys', linkedViewSchema, { body, headers: { 'idempotency-key': idempotencyKey } }),
    revokePasskey: (id: string, body: unknown, idempotencyKey: string) =>
      call('POST', `/passkeys/${encodeURIComponent(id)}/revoke`, linkedViewSchema, {
        body,
        headers: { 'idempotency-key': idempotencyKey },
      }),
    sessions: () => call('GET', '/sessions', liveSessionsSchema),
    gatewaySessions: (query: Query = {}) =>
      call('GET', '/gateway-sessions', gatewaySessionListSchema, { query }),
    gatewayCalls: (id: string, query: Query = {}) =>
      call('GET', `/gateway-sessions/${encodeURIComponent(id)}/calls`, callListSchema, { query }),
    endGatewaySession: (id: string) =>
      call('POST', `/gateway-sessions/${encodeURIComponent(id)}/end`, gatewaySessionSchema),
    catalog: () => call('GET', '/catalog', catalogViewSchema),
    matrix: (query: Query = {}) => call('GET', '/access-matrix', accessMatrixSchema, { query }),
    accessReviews: () => call('GET', '/access-reviews', accessReviewListSchema),
    openAccessReview: () => call('POST', '/access-reviews', openedReviewSchema),
    accessReview: (id: string, query: Query = {}) =>
      call('GET', `/access-reviews/${encodeURIComponent(id)}`, accessReviewPageSchema, { query }),
    accessReviewItem: (id: string, principal: string) =>
      call('GET', itemPathOf(id, principal), reviewItemDetailSchema),
    decideAccess: (id: string, principal: string, body: unknown) =>
      call('POST', itemPathOf(id, principal), reviewItemDetailSchema, { body }),
    audit: (query: Query = {}) => call('GET', '/audit', auditPageSchema, { query }),
    verification: (query: Query) => call('GET', '/audit/verification', verificationSchema, { query }),
    principals: () => call('GET', '/principals', principalListSchema),
    directory: () => call('GET', '/directory', directoryViewSchema),
    policy: (id: string) => call('GET', `/policies/${encodeURIComponent(id)}`, policyViewSchema),
    policyVersions: (id: string) =>
      call('GET', `/policies/${encodeURIComponent(id)}/versions`, policyVersionsSchema),
  };
}
export type Api = ReturnType<typeof makeApi>;
