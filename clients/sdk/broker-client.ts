import {
  accessReviewListSchema,
  accessReviewPageSchema,
  openedReviewSchema,
  reviewItemDetailSchema,
} from '../../lambdas/access-reviews/access-review-specs.ts';
import type { NewVote } from '../../lambdas/cast-vote/vote-specs.ts';
import {
  approvalListSchema,
  approvalViewSchema,
  passkeyListSchema,
  recordedVoteSchema,
} from '../../lambdas/cast-vote/vote-views.ts';
import {
  callListSchema,
  delegationAnswerSchema,
  gatewaySessionListSchema,
  gatewaySessionSchema,
} from '../../lambdas/front-door/gateway-session-view.ts';
import { breakGlassListSchema } from '../../lambdas/front-door/operations/review-session.ts';
import {
  linkedViewSchema,
  type RequestView,
  requestListSchema,
  requestViewSchema,
  revokedViewSchema,
  sealedSchema,
} from '../../lambdas/front-door/request-views.ts';
import { directoryViewSchema } from '../../lambdas/list-catalog/get-directory-spec.ts';
import { policyViewSchema } from '../../lambdas/list-catalog/get-policy-spec.ts';
import { catalogViewSchema } from '../../lambdas/list-catalog/list-catalog-spec.ts';
import { principalListSchema } from '../../lambdas/list-catalog/people-specs.ts';
import type { RecipientKey } from '../../lambdas/shared/domain/workflow-state.ts';
import { type BrokerOptions, makeSend } from './send-to-broker.ts';

export type NewRequest = {
  readonly reason?: string | undefined;
  /** The job that is asked for by name; its purpose is the reason of a request that gives none. */
  readonly job?: string | undefined;
  /** Tickets and the like: at most five. */
  readonly references?: readonly string[] | undefined;
  readonly durationSeconds?: number | undefined;
  readonly subjectToken?: string | undefined;
  /** Of a task that waits for the decision, where the caller is a Step Functions workflow. */
  readonly callback?: { readonly taskToken: string } | undefined;
  /** The key that the session is claimed with: a grant that asks nobody is then sealed to it at once. */
  readonly recipientKey?: RecipientKey | undefined;
};
export type NewPart = {
  readonly kind: 'policy' | 'principal' | 'template';
  readonly target: string;
  readonly proposal: string | Record<string, unknown>;
};
/** A change, or a bundle of them that is approved and applied as one. */
type Why = { readonly reason: string; readonly references?: readonly string[] | undefined };
export type NewChange =
  | (NewPart & Why)
  | (Why & {
      readonly kind: 'bundle';
      readonly parts: readonly (NewPart & { readonly baseVersion: number })[];
    });
/** A decision on an item of an access review, bound to the item as it was shown. */
export type AccessDecision = {
  readonly decision: 'keep' | 'remove';
  readonly rationale: string;
  readonly digest: string;
  /** Groups and jobs alone that are taken away; without it the principal is suspended. */
  readonly taken?: { readonly groups?: string[]; readonly jobs?: string[] };
  /** Of a removal: what the change refers to. */
  readonly references?: readonly string[];
};
type Asking = {
  readonly wait?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
};
type AboutOne = { readonly subjectToken?: string | undefined; readonly signal?: AbortSignal | undefined };

/** The broker's API, typed. Every call throws PosternError; so does this, where the endpoint is no URL. */
export function makeBrokerClient(options: BrokerOptions) {
  const send = makeSend(options);
  const path = (requestId: string) => `/requests/${encodeURIComponent(requestId)}`;
  const itemPath = (reviewId: string, principalId: string) =>
    `/access-reviews/${encodeURIComponent(reviewId)}/items/${encodeURIComponent(principalId)}`;
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

    /** Sessions of emergencies that the caller may review. */
    listBreakGlass: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/break-glass', signal, answer: breakGlassListSchema }),

    reviewSession: (
      requestId: string,
      remarks: string,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      send({
        method: 'POST',
        path: `${path(requestId)}/review`,
        body: { remarks },
        signal,
        answer: breakGlassListSchema.shape.sessions.element,
      }),

    /** Access reviews, for their reviewers and auditors. */
    listAccessReviews: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/access-reviews', signal, answer: accessReviewListSchema }),

    openAccessReview: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'POST', path: '/access-reviews', body: {}, signal, answer: openedReviewSchema }),

    /** A page of an access review. */
    getAccessReview: (
      reviewId: string,
      { cursor, signal }: { cursor?: string | undefined; signal?: AbortSignal | undefined } = {},
    ) =>
      send({
        method: 'GET',
        path: `/access-reviews/${encodeURIComponent(reviewId)}`,
        query: { cursor },
        signal,
        answer: accessReviewPageSchema,
      }),

    /** What one principal could come by, and what it used of it. */
    getAccessReviewItem: (
      reviewId: string,
      principalId: string,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      send({ method: 'GET', path: itemPath(reviewId, principalId), signal, answer: reviewItemDetailSchema }),

    /** Keeps a principal's access, or has it taken away by a change that others approve. */
    decideAccessReviewItem: (
      reviewId: string,
      principalId: string,
      body: AccessDecision,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      send({
        method: 'POST',
        path: itemPath(reviewId, principalId),
        body,
        signal,
        answer: reviewItemDetailSchema,
      }),

    /** Lets a gateway ask for the caller, call by call. */
    openDelegation: (
      body: {
        reason?: string;
        references?: readonly string[];
        durationSeconds?: number;
        subjectToken?: string;
        accountId?: string;
      },
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) => send({ method: 'POST', path: '/delegations', body, signal, answer: delegationAnswerSchema }),

    listGatewaySessions: (
      principal: string | undefined,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      send({
        method: 'GET',
        path: '/gateway-sessions',
        query: { principal },
        signal,
        answer: gatewaySessionListSchema,
      }),

    endGatewaySession: (sessionId: string, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({
        method: 'POST',
        path: `/gateway-sessions/${encodeURIComponent(sessionId)}/end`,
        signal,
        answer: gatewaySessionSchema,
      }),

    /** A session's records after a place, oldest first; none where there are no more yet. */
    listGatewayCalls: (
      sessionId: string,
      after: number,
      { signal }: { signal?: AbortSignal | undefined } = {},
    ) =>
      send({
        method: 'GET',
        path: `/gateway-sessions/${encodeURIComponent(sessionId)}/calls`,
        query: { after },
        signal,
        answer: callListSchema,
      }),

    getPolicy: (principal: string, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({
        method: 'GET',
        path: `/policies/${encodeURIComponent(principal)}`,
        signal,
        answer: policyViewSchema,
      }),

    listPrincipals: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/principals', signal, answer: principalListSchema }),

    directory: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/directory', signal, answer: directoryViewSchema }),

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

    /** What waits for the caller to approve it. */
    listApprovals: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/approvals', signal, answer: approvalListSchema }),

    /** What is asked of the caller by a request, and who answered. */
    getVotes: (requestId: string, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: `${path(requestId)}/votes`, signal, answer: approvalViewSchema }),

    /** The caller's own passkeys, or, for auditors, another's. */
    listPasskeys: (principal: string | undefined, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/passkeys', query: { principal }, signal, answer: passkeyListSchema }),

    castVote: (requestId: string, body: NewVote, { signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'POST', path: `${path(requestId)}/votes`, body, signal, answer: recordedVoteSchema }),

    catalog: ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      send({ method: 'GET', path: '/catalog', signal, answer: catalogViewSchema }),
  };
}
export type BrokerClient = ReturnType<typeof makeBrokerClient>;
