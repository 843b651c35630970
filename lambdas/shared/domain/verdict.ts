import { z } from 'zod';
import { proofSchema } from './proof/proof.ts';
import { grantSchema, riskSchema } from './review.ts';

/**
 * Every reason a verdict may carry. A rule's file in `lambdas/validate-decision/rules/` is named after its
 * code, in kebab-case; a test pins the list. Slack, the API and the audit log render these same values.
 */
export const reasonCodeSchema = z.enum([
  // the review
  'review_refused',
  'review_malformed',
  'review_not_approved',
  // the proposal against the catalog
  'no_grants',
  'too_many_grants',
  'unknown_resource',
  'action_not_in_catalog',
  'subject_required',
  'action_never_subject_scoped',
  'duration_out_of_range',
  'several_accounts',
  'session_policy_too_large',
  'session_too_wide',
  // the guardrails
  'guardrail_forbids',
  'guardrail_error',
  'guardrail_needs_approval',
  // risk and limits
  'risk_needs_approval',
  'authorization_needs_approval',
  // digests and standing
  'config_digest_mismatch',
  'principal_not_active',
  // change requests
  'change_own_policy',
  'change_invalid',
  // approval
  'approval_denied',
  'approval_timed_out',
  'approval_unreachable',
  'approval_not_possible',
  'approved',
]);
export type ReasonCode = z.infer<typeof reasonCodeSchema>;

export const reasonSchema = z.object({
  code: reasonCodeSchema,
  /** One plain sentence that says what to do; built by the rule, never copied from the model. */
  detail: z.string().max(600),
  resource: z.string().optional(),
  action: z.string().optional(),
  /** `@id`s of the Cedar policies that decided. */
  policyIds: z.array(z.string()).optional(),
});
export type Reason = z.infer<typeof reasonSchema>;

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
  because: z.enum(['timed_out', 'unreachable']),
});

/** What is asked of people, and until when. Deadlines are absolute; the ASL waits `waitSeconds`. */
export const approvalAskSchema = z.object({
  tier: z.string(),
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

const sealSchema = z.object({
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

const verdictCommon = {
  reasons: z.array(reasonSchema),
  decidedAt: z.iso.datetime(),
  /** Digest of what approvers vote on: grants, duration, session policy, subject, change. */
  proposalDigest: z.string(),
  risk: riskSchema.optional(),
  /** `@id`s of every guardrail that took part in the answer. */
  policyIds: z.array(z.string()),
  approvers: z.array(approverSchema),
  /** What would be, or is, opened. Absent for a denial that never got that far, and for a change. */
  entitlement: entitlementSchema.optional(),
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
  z.object({ outcome: z.literal('needs_approval'), ...verdictCommon, approval: approvalAskSchema }),
  z.object({
    outcome: z.literal('retry_review'),
    ...verdictCommon,
    nextAttempt: z.number().int().min(2).max(3),
  }),
  z.object({ outcome: z.literal('deny'), ...verdictCommon, approval: approvalAskSchema.optional() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;
