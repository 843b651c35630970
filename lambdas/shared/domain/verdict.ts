import * as z from 'zod';
import { outsideFactSchema } from './outside/outside-fact.ts';
import { proofSchema } from './proof/proof.ts';
import { reasonSchema } from './reason.ts';
import { grantSchema, riskSchema } from './review.ts';
import { rulePinsSchema } from './rule-pins.ts';

/** Approvals that the guardrails ask for. `stepUp` of them must carry a TOTP code. */
export const quorumSchema = z.object({
  approvals: z.number().int().min(0).max(3),
  stepUp: z.number().int().min(0).max(3),
});
export type Quorum = z.infer<typeof quorumSchema>;

/** One past tier: who was asked, until when, and how it ended. */
const tierEndSchema = z.object({
  tier: z.string(),
  endedAt: z.iso.datetime(),
  because: z.enum(['timed_out', 'unreachable', 'nobody_on_call']),
});

/** What is asked of people, and until when. Deadlines are absolute; the ASL waits `waitSeconds`. */
export const approvalAskSchema = z.object({
  tier: z.string(),
  /** Who is on call for it, and so votes in it; absent where its group does. */
  onCall: z.array(z.string()).optional(),
  quorum: quorumSchema,
  /** Approvals needed per grant, by resource key: owners are counted for their own resources. */
  perGrant: z.array(
    z.object({ resource: z.string(), quorum: quorumSchema, ownerTier: z.string().optional() }),
  ),
  askedAt: z.iso.datetime(),
  deadline: z.iso.datetime(),
  remindAt: z.iso.datetime().optional(),
  reminded: z.boolean(),
  /** Seconds until the reminder or the deadline, whichever is next; at least 1. */
  waitSeconds: z.number().int().min(1),
  /** Tiers still to come, in order, if this one stays silent. */
  nextTiers: z.array(z.string()),
  history: z.array(tierEndSchema),
});
export type ApprovalAsk = z.infer<typeof approvalAskSchema>;

export const sealSchema = z.object({
  /** KMS HMAC_SHA_256 over the sealed fields (see seal.ts), base64. */
  mac: z.string(),
  expiresAt: z.iso.datetime(),
});
export type Seal = z.infer<typeof sealSchema>;

/** What a grant opens: exactly this is sealed, minted and logged. */
export const entitlementSchema = z.object({
  grants: z.array(grantSchema),
  durationSeconds: z.number().int().min(900).max(3600),
  roleArn: z.string(),
  /** Canonical JSON, at most 2,048 characters. */
  sessionPolicy: z.string().max(2048),
});
export type Entitlement = z.infer<typeof entitlementSchema>;

/** Persons and principals whose votes a grant rests on; AssumeRole looks at their standing again. */
export const approverSchema = z.object({
  principalId: z.string(),
  person: z.string(),
  votedAt: z.iso.datetime(),
});

/** What guardrails that are only observed would have made of a grant; nothing was decided by it. */
const observedSchema = z.object({
  resource: z.string(),
  /** As `guardrails explain` says it: `2 approvals, 1 with a code`, `never`. */
  would: z.string(),
  policyIds: z.array(z.string()),
});
export type Observed = z.infer<typeof observedSchema>;

const verdictCommon = {
  reasons: z.array(reasonSchema),
  decidedAt: z.iso.datetime(),
  /** Digest of what approvers vote on: grants, duration, session policy, subject, change. */
  proposalDigest: z.string(),
  risk: riskSchema.optional(),
  /** `@id`s of every guardrail that took part in the answer. */
  policyIds: z.array(z.string()),
  approvers: z.array(approverSchema),
  /** Absent where no guardrail is observed, or they would have answered the same. */
  observed: z.array(observedSchema).optional(),
  /** The facts from outside that were in force when it was decided. */
  outside: z.array(outsideFactSchema).optional(),
  /** What would be, or is, opened. Absent for a denial that never got that far, and for a change. */
  entitlement: entitlementSchema.optional(),
  /** The rules that it rests on, where people are asked or something is opened. */
  pins: rulePinsSchema.optional(),
  /** That the entitlement's session policy opens nothing but its grants; of a denial, what it would have opened. */
  proof: proofSchema.optional(),
};

/** The validator's answer. Always with reasons, except a plain `grant`. */
export const verdictSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('grant'),
    ...verdictCommon,
    entitlement: entitlementSchema,
    /** The thumbprint of the key that was claimed with ahead: no further claim is waited for. */
    claimAhead: z.string().optional(),
    /** Added by the handler; absent on a dry run, which can mint nothing. */
    seal: sealSchema.optional(),
  }),
  /** A change that may be applied exactly as proposed. Sealed like a grant. */
  z.object({ outcome: z.literal('apply'), ...verdictCommon, seal: sealSchema.optional() }),
  /** One call of a gateway may be made, once. Sealed like a grant. */
  z.object({ outcome: z.literal('allow'), ...verdictCommon, seal: sealSchema.optional() }),
  z.object({ outcome: z.literal('needs_approval'), ...verdictCommon, approval: approvalAskSchema }),
  z.object({
    outcome: z.literal('retry_review'),
    ...verdictCommon,
    nextAttempt: z.number().int().min(2).max(3),
  }),
  z.object({ outcome: z.literal('deny'), ...verdictCommon, approval: approvalAskSchema.optional() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;
