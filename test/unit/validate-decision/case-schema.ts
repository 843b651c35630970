import * as z from 'zod';
import { changePartSchema } from '../../../lambdas/shared/domain/access-request.ts';
import { tierSchema } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import { reasonCodeSchema } from '../../../lambdas/shared/domain/reason.ts';
import { proposalSchema } from '../../../lambdas/shared/domain/review.ts';
import { narrowingSchema } from '../../../lambdas/shared/domain/vote.ts';

const ends = z.array(z.tuple([z.string(), z.enum(['timed_out', 'unreachable', 'nobody_on_call'])]));

/** The fields of a proposal that a case names; the rest are the defaults. */
const exactlyOptional = <Shape extends Record<string, z.ZodType>>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([key, fixture]) => [key, z.exactOptional(fixture)])) as {
    [Key in keyof Shape]: z.ZodExactOptional<Shape[Key]>;
  };

/** One case: what is given beyond the defaults of the bank, and what must follow. Unknown fields are typos. */
export const caseSchema = z.strictObject({
  name: z.string(),
  given: z.strictObject({
    principal: z.string(),
    principalChanges: z.record(z.string(), z.unknown()).default({}),
    request: z
      .strictObject({
        subject: z.string().exactOptional(),
        /** What the subject's token says besides. */
        attributes: z.record(z.string(), z.string()).exactOptional(),
        durationSeconds: z.number().exactOptional(),
        reason: z.string().exactOptional(),
        job: z.string().exactOptional(),
        references: z.array(z.string()).exactOptional(),
        dryRun: z.boolean().exactOptional(),
      })
      .default({}),
    change: z
      .strictObject({
        kind: z.enum(['policy', 'principal', 'bundle']),
        target: z.string(),
        proposal: z.string(),
        baseVersion: z.number(),
        /** Of a bundle: instead of its proposal. */
        parts: z.array(changePartSchema).exactOptional(),
        proposalDigest: z.string().exactOptional(),
      })
      .exactOptional(),
    /** A call that a gateway holds: what it is on, and how many people its rules want. */
    call: z
      .strictObject({
        on: z.array(z.string()).default(['arn:aws:dynamodb:eu-central-1:123456789012:table/drafts']),
        quorum: z.tuple([z.number(), z.number()]).default([1, 0]),
      })
      .exactOptional(),
    targetPersons: z.array(z.string()).exactOptional(),
    changesSignIn: z.boolean().exactOptional(),
    keepsSignIn: z.literal(true).exactOptional(),
    leavesNoApprover: z.literal(true).exactOptional(),
    ownPasskeys: z.enum(['enrols', 'revokes']).exactOptional(),
    proposal: z.strictObject(exactlyOptional(proposalSchema.shape)).exactOptional(),
    review: z.strictObject({ outcome: z.enum(['refused', 'malformed']), detail: z.string() }).exactOptional(),
    attempt: z.number().default(1),
    /** Changes to entries of the demo catalog, by key. */
    catalog: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    /** Parts of the catalog that entries are in, where it is divided. */
    parts: z.record(z.string(), z.number()).optional(),
    approvals: z
      .strictObject({ tiers: z.array(tierSchema.extend({ ownersOnly: z.boolean().default(false) })) })
      .exactOptional(),
    /** Approvals that guardrails made for the case ask for, instead of the bank's. */
    guardrailsNeed: z.number().exactOptional(),
    /** What sources outside had signed, each for so many seconds from then. */
    outside: z
      .array(
        z.strictObject({
          name: z.enum(['onCall', 'openReference', 'incident']),
          about: z.string(),
          value: z.string().exactOptional(),
          seconds: z.number().default(600),
        }),
      )
      .exactOptional(),
    /** The same, as a later tally read them. */
    outsideAtTally: z.array(z.never()).exactOptional(),
    /** Cedar policies beside the bank's. */
    guardrailsMore: z.array(z.string()).exactOptional(),
    digests: z.record(z.string(), z.string()).default({}),
    /** Of a later round: what of the rules that the first one touched was other then. */
    pinned: z
      .strictObject({
        entries: z.record(z.string(), z.string()).default({}),
        guardrails: z.string().exactOptional(),
      })
      .exactOptional(),
    /** What was asked in the last round; its presence makes this a later round. */
    asked: z
      .strictObject({
        tier: z.string().optional(),
        reminded: z.boolean().optional(),
        history: ends.optional(),
      })
      .optional(),
    /** Seconds since it was asked. */
    elapsed: z.number().default(30),
    wake: z.enum(['woken', 'unreachable']).default('woken'),
    votes: z
      .array(
        z.strictObject({
          by: z.string(),
          person: z.string().optional(),
          tier: z.string().default('access-approvers'),
          decision: z.enum(['approve', 'deny']).default('approve'),
          stepUp: z.boolean().default(false),
          narrowing: narrowingSchema.partial().optional(),
        }),
      )
      .default([]),
    requesterActive: z.boolean().default(true),
  }),
  then: z.strictObject({
    outcome: z.enum(['grant', 'apply', 'allow', 'deny', 'needs_approval', 'retry_review']),
    reasons: z.array(reasonCodeSchema).optional(),
    grants: z.array(z.strictObject({ resource: z.string(), actions: z.array(z.string()) })).optional(),
    durationSeconds: z.number().optional(),
    /** Of the entitlement: `<account>:role/<name>`. */
    role: z.string().optional(),
    nextAttempt: z.number().optional(),
    /** Approvals, and how many of them with step-up. */
    quorum: z.tuple([z.number(), z.number()]).optional(),
    tier: z.string().optional(),
    /** Who of the tier is on call. */
    onCall: z.array(z.string()).optional(),
    nextTiers: z.array(z.string()).optional(),
    waitSeconds: z.number().optional(),
    reminded: z.boolean().optional(),
    history: ends.optional(),
    approvers: z.array(z.string()).optional(),
    policyIncludes: z.array(z.string()).default([]),
    policyExcludes: z.array(z.string()).default([]),
  }),
});
export type DecisionCase = z.infer<typeof caseSchema>;
