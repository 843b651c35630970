import * as z from 'zod';
import { type AccessRequest, isReviewedByModel } from '../access-request.ts';
import { asJson, digestOf } from '../digest.ts';
import { principalIdSchema } from '../principal.ts';
import { proposalSchema, type Review } from '../review.ts';

/** A review that led to a session, as it is kept for the very same request again. */
export const rememberedReviewSchema = z.object({
  /** See keyOfReview. */
  key: z.string(),
  /** The request that it was made for. */
  requestId: z.string(),
  principalId: principalIdSchema,
  proposal: proposalSchema,
  model: z.string(),
  /** See reviewerDigest. */
  reviewerDigest: z.string(),
  promptDigest: z.string(),
  responseId: z.string(),
  reviewedAt: z.iso.datetime(),
  /** Seconds since 1970 at which DynamoDB may remove it. */
  ttl: z.number().int(),
});
export type RememberedReview = z.infer<typeof rememberedReviewSchema>;

/** The texts that decide, by digest. */
type Rules = {
  readonly policy: { readonly digest: string };
  readonly digests: Readonly<Record<string, string>>;
};

/** Which model is asked, by the name and at the address that the deployment says. */
export const reviewerDigest = (model: string, baseUrl: string): string =>
  digestOf(asJson({ model, baseUrl }));

/**
 * What a review is kept by: all of a request but what tells it from its repeat (id, time, the key it is claimed with), and the
 * digests of principal, policy and configuration. Undefined for what is never remembered: changes, calls, jobs and dry runs.
 */
export function keyOfReview(request: AccessRequest, { policy, digests }: Rules): string | undefined {
  const { requestId: _, createdAt: __, claimAhead: ___, reason, ...wanted } = request;
  if (request.change || !isReviewedByModel(request) || request.dryRun) return undefined;
  return digestOf(asJson({ wanted, reason: digestOf(reason), digests, policy: policy.digest }));
}

/** Whether a review that was kept is this principal's and not older than this many seconds. */
export function isRecent(
  { principalId, reviewedAt }: RememberedReview,
  request: Pick<AccessRequest, 'principalId'>,
  now: Date,
  seconds: number,
): boolean {
  const ageMs = now.getTime() - new Date(reviewedAt).getTime();
  return principalId === request.principalId && ageMs >= 0 && ageMs < seconds * 1000;
}

/** A review as it is to be kept; undefined for one that no model made just now, at the first attempt, and approved. */
export function toRemember(
  review: Review | undefined,
  request: AccessRequest,
  rules: Rules,
  seconds: number,
): RememberedReview | undefined {
  const key = keyOfReview(request, rules);
  if (key === undefined || review?.outcome !== 'proposal' || review.attempt !== 1) return undefined;
  const { proposal, model, promptDigest, responseId, reviewedBy } = review;
  if (!reviewedBy || !responseId || review.remembered || !proposal.approved) return undefined;
  const { requestId, principalId } = request;
  const ttl = Math.floor(new Date(reviewedBy.at).getTime() / 1000) + seconds;
  const common = { key, requestId, principalId, proposal, model, promptDigest, responseId, ttl };
  return { ...common, reviewerDigest: reviewedBy.digest, reviewedAt: reviewedBy.at };
}
