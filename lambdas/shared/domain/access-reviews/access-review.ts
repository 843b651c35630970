import * as z from 'zod';
import { requestIdSchema, requestStatusSchema } from '../access-request.ts';
import { principalIdSchema } from '../principal.ts';

/** `access_review-<ulid>`; what comes of it is recorded under this id. */
export const reviewIdSchema = z
  .string()
  .regex(/^access_review-[0-9A-HJKMNP-TV-Z]{26}$/, 'an access review id: access_review-<ulid>');

/** The review that was opened last. Whoever writes it over the one before opens it, and nobody else. */
export const currentReviewSchema = z.strictObject({
  reviewId: reviewIdSchema,
  openedAt: z.iso.datetime(),
  /** Who opened it by hand; absent where the schedule did. */
  openedBy: principalIdSchema.optional(),
  version: z.number().int().min(1),
});
export type CurrentReview = z.infer<typeof currentReviewSchema>;

/** One access review: who could get what, at a moment. */
export const accessReviewSchema = z.strictObject({
  reviewId: reviewIdSchema,
  /** `opening` until every item is there; `ended` when its time is over; `closed` once nothing of it is left to do. */
  state: z.enum(['opening', 'open', 'ended', 'closed']),
  openedAt: z.iso.datetime(),
  openedBy: principalIdSchema.optional(),
  closesAt: z.iso.datetime(),
  remindAt: z.iso.datetime(),
  reviewerGroups: z.array(z.string()).max(50),
  /** Items of it, once it is open. */
  items: z.number().int().min(0),
  /** What the reviewers were told of already. */
  told: z.array(z.enum(['opened', 'ending', 'ended'])).max(3),
  version: z.number().int().min(1),
});
export type AccessReview = z.infer<typeof accessReviewSchema>;

const answerSchema = z.strictObject({
  answer: z.string().max(100),
  /** How many actions take this, and the first of them. */
  count: z.number().int(),
  actions: z.array(z.string().max(128)).max(20),
});

/** Everything that a principal could come by. */
export const accessSchema = z.strictObject({
  principalId: principalIdSchema,
  type: z.enum(['human', 'agent']),
  groups: z.array(z.string()).max(50),
  persons: z.array(z.string()).max(10),
  /** By resource: what the guardrails answer; what they never permit is left out. */
  couldGet: z
    .array(z.strictObject({ resource: z.string(), ownRows: z.boolean(), answers: z.array(answerSchema) }))
    .max(500),
  jobs: z.array(z.strictObject({ job: z.string(), grants: z.array(z.string()), breakGlass: z.boolean() })),
  /** Tiers in which its votes count. */
  approves: z.array(z.string()).max(50),
  auditor: z.boolean(),
  /** What it could propose to change. */
  proposes: z.array(z.enum(['policy', 'principal', 'template'])),
  /** As what it signs in, or calls. */
  signsIn: z.array(z.string().max(600)).max(60),
  policyVersion: z.number().int().optional(),
  /** Set where the directory makes it of somebody in a group. */
  template: z.string().optional(),
});
export type Access = z.infer<typeof accessSchema>;

/** What was really used of it: sessions that the audit log has since then. */
export const usedSchema = z.strictObject({
  since: z.iso.datetime(),
  sessions: z.number().int().min(0),
  lastAt: z.iso.datetime().optional(),
  resources: z.array(z.strictObject({ resource: z.string(), sessions: z.number().int() })).max(500),
  /** False where the log has more than was looked at: then there were at least so many. */
  complete: z.boolean(),
});
export type Used = z.infer<typeof usedSchema>;

/** What of a principal's access is taken away; all of it, where nothing is named: then it is suspended. */
export const takenSchema = z
  .strictObject({
    groups: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
    jobs: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  })
  .refine(({ groups, jobs }) => groups !== undefined || jobs !== undefined, 'names nothing')
  .meta({ minProperties: 1 });
export type Taken = z.infer<typeof takenSchema>;

const decisionSchema = z.strictObject({
  decision: z.enum(['keep', 'remove']),
  decidedBy: principalIdSchema,
  decidedAt: z.iso.datetime(),
  /** Untrusted text of whoever decided. */
  rationale: z.string().max(1500),
  /** Of the item as it was shown. */
  digest: z.string(),
  taken: takenSchema.optional(),
  /** It came after the end. */
  late: z.literal(true).optional(),
});

/** One principal in a review, as it is listed and decided; what it could get is a row of its own. */
export const reviewItemSchema = z.strictObject({
  reviewId: reviewIdSchema,
  principalId: principalIdSchema,
  type: z.enum(['human', 'agent']),
  /** Of access and use together: a decision is bound to it. */
  digest: z.string(),
  /** Digest of the texts that the access follows from. Where they have changed, so may the access. */
  madeFrom: z.string(),
  persons: z.array(z.string()).max(10),
  resources: z.number().int(),
  jobs: z.number().int(),
  breakGlass: z.number().int(),
  approves: z.array(z.string()).max(50),
  sessions: z.number().int(),
  lastAt: z.iso.datetime().optional(),
  /** `removing` until the change is applied. */
  state: z.enum(['open', 'kept', 'removing', 'removed']),
  decision: decisionSchema.optional(),
  /** How many decisions there were, and how many of them the audit log has. */
  decisions: z.number().int().min(0),
  recorded: z.number().int().min(0),
  /** The change that takes it away. */
  requestId: requestIdSchema.optional(),
  /** How the last change ended that was not applied: the item is open again. */
  refused: z
    .strictObject({ requestId: requestIdSchema.optional(), status: requestStatusSchema.optional() })
    .optional(),
  version: z.number().int().min(1),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

/** Whether it is neither kept nor taken away yet. */
export const isUndecided = ({ state }: Pick<ReviewItem, 'state'>): boolean => state === 'open';
export const isPending = ({ state }: Pick<ReviewItem, 'state'>): boolean =>
  state === 'open' || state === 'removing';
