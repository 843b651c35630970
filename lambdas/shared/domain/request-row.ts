import * as z from 'zod';
import {
  type AccessRequest,
  changeSchema,
  requestIdSchema,
  requestStatusSchema,
  subjectSchema,
} from './access-request.ts';
import { heldCallSchema } from './calls/held-call.ts';
import { endReasonSchema } from './end-reasons.ts';
import { gatewaySessionIdSchema } from './identity/gateway-session-id.ts';
import { jobNameSchema } from './jobs/job.ts';
import { referencesSchema } from './outside/references.ts';
import { principalIdSchema, principalSchema } from './principal.ts';
import { proofSchema } from './proof/proof.ts';
import { reasonSchema } from './reason.ts';
import { grantSchema, riskSchema } from './review.ts';
import { revocationSchema } from './revocation/revocation.ts';
import { approvalAskSchema, entitlementSchema, sealSchema, type verdictSchema } from './verdict.ts';
import { mintedSchema, recipientKeySchema } from './workflow-state.ts';

/** The part of a verdict that a request's owner, Slack and the audit log are shown. */
export const decisionSchema = z.object({
  outcome: z.enum(['grant', 'apply', 'allow', 'deny', 'needs_approval', 'retry_review']),
  reasons: z.array(reasonSchema),
  policyIds: z.array(z.string()),
  entitlement: entitlementSchema.optional(),
  /** That the session can do no more than is granted. */
  proof: proofSchema.optional(),
  /** The reviewer's one sentence: untrusted text. */
  reviewSummary: z.string().optional(),
  decidedAt: z.iso.datetime(),
});
type Decision = z.infer<typeof decisionSchema>;

/** A claim, written once by the front door before it redeems the claim token. */
const claimRecordSchema = z.object({
  /** RFC 7638 thumbprint (SHA-256, base64url) of the recipient key. */
  thumbprint: z.string(),
  recipientKey: recipientKeySchema,
  claimedAt: z.iso.datetime(),
});
export type ClaimRecord = z.infer<typeof claimRecordSchema>;

/** What approvers are shown beside the decision. Written once, when somebody is first asked. */
const askedSchema = z.object({
  proposalDigest: z.string(),
  /** See basis.ts. */
  basis: z.string(),
  principalType: principalSchema.shape.type,
  persons: principalSchema.shape.persons,
  /** For a change: the persons it is about, who do not vote on it. */
  concerned: z.array(z.string()),
  risk: riskSchema.optional(),
  /** What was proposed, before any approver narrowed it. Empty for a change. */
  grants: z.array(grantSchema),
  durationSeconds: z.number().int().optional(),
  /** It is an emergency. */
  breakGlass: z.literal(true).optional(),
  /** A change against what it replaces, as a unified diff, cut to a length. */
  diff: z.string().optional(),
});
export type AskedOfPeople = z.infer<typeof askedSchema>;

/** One row of the requests table, keyed by `requestId`. Every write to it is conditional. */
export const requestRowSchema = z.object({
  requestId: requestIdSchema,
  principalId: principalIdSchema,
  reason: z.string(),
  durationSeconds: z.number().optional(),
  subject: subjectSchema.optional(),
  job: jobNameSchema.optional(),
  references: referencesSchema.optional(),
  change: changeSchema.optional(),
  call: heldCallSchema.optional(),
  dryRun: z.boolean(),
  status: requestStatusSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Counts writes, so that readers can tell an older picture from a newer one. */
  version: z.number().int(),
  /** The sweep's sparse index key: `open` while an execution works on it, `review` until an emergency's session was reviewed. */
  open: z.enum(['open', 'review']).optional(),
  executionArn: z.string().optional(),
  decision: decisionSchema.optional(),
  approval: approvalAskSchema.optional(),
  asked: askedSchema.optional(),
  /** Set where Slack shows the request: its changes are then followed there. */
  shownIn: z.literal('slack').optional(),
  /** Asked for by `/access`: where its requester is told, privately. */
  slackOrigin: z.object({ channelId: z.string(), userId: z.string() }).optional(),
  /** Asked for by a gateway, in one of its sessions; its session is sealed to the key of that thumbprint alone. */
  gateway: z.object({ sessionId: gatewaySessionIdSchema, keyThumbprint: z.string() }).optional(),
  /** A workflow waits on it. Its token is in the callbacks table, which few may read. */
  hasCallback: z.literal(true).optional(),
  /** Redeems the claim. Worthless without the row's thumbprint; removed when the row closes. */
  claimToken: z.string().optional(),
  claimBy: z.iso.datetime().optional(),
  claim: claimRecordSchema.optional(),
  /** A claim that came with the request: good for a grant of the first pass, and of no use after any other. */
  claimAhead: claimRecordSchema.optional(),
  /** AssumeRole's one attempt: whoever wrote it may call STS, nobody else ever. */
  issuing: z.object({ attemptId: z.string(), at: z.iso.datetime() }).optional(),
  /** ApplyChange's mark: the seal of the change that is applied, consumed. */
  applying: z.object({ sealDigest: z.string(), at: z.iso.datetime() }).optional(),
  /** Of a call that is ALLOWED: its gateway verifies it, and consumes it. */
  seal: sealSchema.optional(),
  session: mintedSchema.extend({ sealed: z.string() }).optional(),
  /** Present (`'live'`) from ISSUED until the session is revoked: with `liveUntil` a sparse index key. */
  live: z.literal('live').optional(),
  /** Of an emergency's session: who looked at it afterwards, and what they found. Untrusted text. */
  postReview: z
    .object({ by: principalIdSchema, reviewedAt: z.iso.datetime(), remarks: z.string() })
    .optional(),
  /** How loud the call for that review has become. */
  reviewLevel: z.number().int().optional(),
  /** When the session ends by itself. */
  liveUntil: z.iso.datetime().optional(),
  /** Written once the session is denied. */
  revocation: revocationSchema.optional(),
  /** Why a closed request ended as it did. */
  closedBecause: endReasonSchema.optional(),
  /** DynamoDB TTL, epoch seconds. */
  ttl: z.number().int(),
});
export type RequestRow = z.infer<typeof requestRowSchema>;

/** The verdict's public part, as the row keeps it. */
export function decisionOf(verdict: z.infer<typeof verdictSchema>, reviewSummary?: string): Decision {
  return {
    outcome: verdict.outcome,
    reasons: verdict.reasons,
    policyIds: verdict.policyIds,
    decidedAt: verdict.decidedAt,
    ...(verdict.entitlement && { entitlement: verdict.entitlement }),
    ...(verdict.proof && { proof: verdict.proof }),
    ...(reviewSummary && { reviewSummary }),
  };
}

/** The execution's input. Made from the row alone, so that a repeat is equal to the byte. */
export function accessRequestOf(row: RequestRow): AccessRequest {
  const { requestId, principalId, reason, durationSeconds, subject, job, references, change, call } = row;
  const { dryRun, claimAhead, createdAt } = row;
  return {
    requestId,
    principalId,
    reason,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(subject && { subject }),
    ...(job !== undefined && { job }),
    ...(references && { references }),
    ...(change && { change }),
    ...(call && { call }),
    dryRun,
    ...(claimAhead && { claimAhead: claimAhead.thumbprint }),
    createdAt,
  };
}
