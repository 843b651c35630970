import * as z from 'zod';
import { MOST_KEY_CHARACTERS } from './catalog/catalog.ts';
import { reasonSchema } from './reason.ts';

export const riskSchema = z.enum(['low', 'medium', 'high', 'critical']);

/** How well the policy covers the request, in the reviewer's reading. */
export const authorizationSchema = z.enum(['explicit', 'implied', 'unclear', 'none']);

export const grantSchema = z.strictObject({
  resource: z.string().min(1).max(MOST_KEY_CHARACTERS),
  actions: z.array(z.string().min(1).max(128)).min(1).max(50),
});
/** One catalog resource and AWS actions on it. A request's grants name each resource once. */
export type Grant = z.infer<typeof grantSchema>;

/**
 * The reviewer's structured proposal, in the widest form a model could return it; the schema sent to the
 * model is narrower (per request, see review-request). It proposes; it never decides.
 */
export const proposalSchema = z.strictObject({
  approved: z.boolean(),
  grants: z.array(grantSchema).max(50),
  durationSeconds: z.number().int(),
  risk: riskSchema,
  authorization: authorizationSchema,
  /** One sentence, shown to people as untrusted text. */
  reason: z.string().min(1).max(600),
});
export type Proposal = z.infer<typeof proposalSchema>;

const reviewRecord = {
  /** 1 for the first review of a request, up to 3. */
  attempt: z.number().int().min(1),
  model: z.string(),
  promptDigest: z.string(),
  responseId: z.string().optional(),
  inputTokens: z.number().int().optional(),
  outputTokens: z.number().int().optional(),
  /** Resources that could be granted and were not offered, because a provider's schema holds only so many. */
  resourcesLeftOut: z.number().int().optional(),
  /** Where reviews are remembered: when a model was asked, and which (`reviewerDigest`). */
  reviewedBy: z.object({ at: z.iso.datetime(), digest: z.string() }).optional(),
  /** No model was asked: it is the review of that request, of that time. */
  remembered: z.object({ requestId: z.string(), reviewedAt: z.iso.datetime() }).optional(),
};

const outcomesWith = <Record extends z.core.$ZodShape>(record: Record) =>
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('proposal'), proposal: proposalSchema, ...record }),
    z.object({ outcome: z.literal('refused'), detail: z.string().max(600), ...record }),
    z.object({ outcome: z.literal('malformed'), detail: z.string().max(600), ...record }),
  ]);

/** A review that the validator sent back, and why. */
const supersededSchema = z.object({
  review: outcomesWith(reviewRecord),
  because: z.array(reasonSchema),
});

/** What ReviewRequest answers: a proposal, a refusal, or output that stays off schema. */
export const reviewSchema = outcomesWith({
  ...reviewRecord,
  /** The earlier attempts, oldest first: the audit log records every one. */
  superseded: z.array(supersededSchema).optional(),
});
export type Review = z.infer<typeof reviewSchema>;

/** The reviewer's one sentence, where there is one: untrusted text. */
export function summaryOf(review: Review | undefined): string | undefined {
  if (!review) return undefined;
  return review.outcome === 'proposal' ? review.proposal.reason : review.detail;
}

/** What the model is asked. */
type ReviewerQuestion = {
  readonly instructions: string;
  readonly input: string;
  readonly schema: z.ZodType;
  readonly safetyId: string;
};

export type Provenance = {
  model: string;
  responseId: string;
  inputTokens?: number;
  outputTokens?: number;
  /** Where several reviewers may be asked: which of them answered. */
  reviewerDigest?: string;
};

/** What the model answered: text that claims to fit the schema, a refusal, or output cut short. */
export type ReviewerAnswer = Provenance &
  (
    | { kind: 'text'; text: string }
    | { kind: 'refused'; detail: string }
    | { kind: 'incomplete'; detail: string }
  );

export type AskReviewer = (question: ReviewerQuestion) => Promise<ReviewerAnswer>;
