import * as z from 'zod';
import { accessRequestSchema } from './access-request.ts';
import { chainEndSchema } from './audit/audit-record.ts';
import { endReasonSchema } from './end-reasons.ts';
import { rememberedReviewSchema } from './limits/remembered-review.ts';
import { outsideFactSchema } from './outside/outside-fact.ts';
import { principalSchema } from './principal.ts';
import { reviewSchema } from './review.ts';
import { verdictSchema } from './verdict.ts';
import { evidenceSchema } from './vote.ts';

/** What LoadPolicy answers and pins: the digests that every later step must still find. */
export const loadedSchema = z.object({
  principal: principalSchema,
  policy: z.object({ text: z.string(), version: z.number().int(), digest: z.string() }),
  digests: z.object({
    principal: z.string(),
    catalog: z.string(),
    guardrails: z.string(),
    approvals: z.string(),
  }),
  /** For a change: the persons its target is or belongs to, so that nobody changes their own access. */
  targetPersons: z.array(z.string()).optional(),
  /** For a change of a principal: whether it would sign in, or prove its votes, otherwise than it does. */
  changesSignIn: z.boolean().optional(),
  /** For a bundle in which that is so of one part: whether another is of a principal of whom it is not. */
  keepsSignIn: z.literal(true).optional(),
  /** For a bundle: with it in force nobody could approve anything any more. */
  leavesNoApprover: z.literal(true).optional(),
  /** For a change of the requester's own entry that is to their passkeys alone: what it does to them. */
  ownPasskeys: z.enum(['enrols', 'revokes']).optional(),
  /** What sources outside had signed, and was in force. */
  outside: z.array(outsideFactSchema).optional(),
  /** The review of the very same request, made not long ago. */
  recalled: rememberedReviewSchema.optional(),
});
export type Loaded = z.infer<typeof loadedSchema>;

/** The public half of the one-time key a claim is sealed to. P-256 or X25519 only. */
export const recipientKeySchema = z.union([
  z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.base64url().length(43),
    y: z.base64url().length(43),
  }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.base64url().length(43) }),
]);
export type RecipientKey = z.infer<typeof recipientKeySchema>;

/** What the claim's task output carries; believed only where its thumbprint is the row's. */
export const claimSchema = z.object({ recipientKey: recipientKeySchema });

/** What AssumeRole answers about the session it minted. Neither credentials nor their ciphertext. */
export const mintedSchema = z.object({
  roleArn: z.string(),
  assumedRoleArn: z.string(),
  /** `<role id>:<session name>`: the `aws:userid` of every call made with the session. */
  assumedRoleId: z.string(),
  accessKeyId: z.string(),
  expiration: z.iso.datetime(),
  sessionName: z.string(),
  sourceIdentity: z.string(),
  /** The place in the audit chain of what was recorded last before STS was asked: what follows is appended behind it. */
  recorded: chainEndSchema.optional(),
});
export type Minted = z.infer<typeof mintedSchema>;

const writtenSchema = z.object({ kind: z.string(), target: z.string(), version: z.number().int() });
/** What stands now; of a bundle its parts, and itself as the first version of its kind. */
const appliedSchema = writtenSchema.extend({ parts: z.array(writtenSchema).optional() });
export type Applied = z.infer<typeof appliedSchema>;

/** `Catch` puts the error here: its name, and a cause that is shown to nobody outside the audit log. */
export const caughtSchema = z.object({ Error: z.string(), Cause: z.string().default('') });

/** The state's whole data, as every step may find it. Each step parses the part that it needs. */
export const workflowStateSchema = z.object({
  request: accessRequestSchema,
  loaded: loadedSchema.optional(),
  review: reviewSchema.optional(),
  verdict: verdictSchema.optional(),
  /** Result of the approval wait: caught `States.Timeout` or `ApprovalChannelUnavailable`, or a wake-up. */
  wake: z.unknown().optional(),
  evidence: evidenceSchema.optional(),
  claim: z.unknown().optional(),
  session: mintedSchema.optional(),
  applied: appliedSchema.optional(),
  /** AwaitClaim's `States.Timeout`: nobody claimed in time. */
  unclaimed: z.unknown().optional(),
  error: caughtSchema.optional(),
});
export type WorkflowState = z.infer<typeof workflowStateSchema>;

/** What the steps that wait are given: the state and the token that ends the wait. */
export const tokenTaskSchema = z.object({
  state: workflowStateSchema,
  taskToken: z.string().min(1).max(2048),
  executionArn: z.string(),
});

export type TokenTask = z.infer<typeof tokenTaskSchema>;

/** What the steps are given that do what was sealed: the state, and which execution asks for it. */
export const sealedTaskSchema = z.object({ state: workflowStateSchema, executionName: z.string() });
export type SealedTask = z.infer<typeof sealedTaskSchema>;

/** What WriteLog answers; RouteOutcome ends the execution in the state of that name. */
const outcomeSchema = z.object({
  requestId: z.string(),
  outcome: z.enum(['issued', 'applied', 'allowed', 'denied', 'expired', 'cancelled', 'failed']),
  reason: endReasonSchema,
});
export type Outcome = z.infer<typeof outcomeSchema>;
