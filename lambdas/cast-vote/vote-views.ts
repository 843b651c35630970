import * as z from 'zod';
import {
  type Change,
  changeSchema,
  requestIdSchema,
  subjectSchema,
} from '../shared/domain/access-request.ts';
import { passkeySchema } from '../shared/domain/approvals/passkey.ts';
import { type HeldCall, heldCallSchema } from '../shared/domain/calls/held-call.ts';
import { jobNameSchema } from '../shared/domain/jobs/job.ts';
import { referencesSchema } from '../shared/domain/outside/references.ts';
import { grantSchema, riskSchema } from '../shared/domain/review.ts';
import { quorumSchema } from '../shared/domain/verdict.ts';
import { type Vote, voteSchema } from '../shared/domain/vote.ts';
import type { AskedRow } from '../shared/messages/message-content.ts';

const { decision, principalId, votedAt, stepUp, reason, narrowing } = voteSchema.shape;
const provedBySchema = z
  .enum(['code', 'passkey'])
  .optional()
  .describe('What a second factor was, where there was one.');
const voteViewSchema = z.object({
  decision,
  principalId,
  votedAt,
  stepUp,
  provedBy: provedBySchema,
  reason,
  narrowing,
});

/** What somebody who may answer is shown of a request: all that their vote is bound to. */
export const approvalViewSchema = z
  .object({
    requestId: requestIdSchema,
    principalId,
    reason: z.string().describe('Untrusted text of whoever asks.'),
    subject: subjectSchema.optional().describe('On whose behalf it is asked.'),
    job: jobNameSchema
      .optional()
      .describe(
        'The job that it is asked for by name: its grants are fixed by a change, and no model reviewed it.',
      ),
    references: referencesSchema.optional().describe('Tickets and the like, in the words of whoever asks.'),
    breakGlass: z
      .literal(true)
      .optional()
      .describe('It is an emergency: an alarm was raised, and others review it afterwards.'),
    change: changeSchema
      .pick({ kind: true, target: true, proposal: true })
      .optional()
      .describe('What would be applied, to the letter.'),
    call: heldCallSchema
      .omit({ digest: true })
      .optional()
      .describe(
        'One call that a gateway holds, with its parameters: all that an approval lets through, once.',
      ),
    diff: z.string().optional().describe('The change against what is in force, cut to a length.'),
    grants: z.array(grantSchema),
    durationSeconds: z.number().int().optional(),
    risk: riskSchema.optional(),
    tier: z.string(),
    onCall: z
      .array(z.string())
      .optional()
      .describe('Who is on call, and so decides, as facts from outside name them.'),
    deadline: z.iso.datetime(),
    proposalDigest: z.string().describe('A vote names it, so that it counts for nothing else.'),
    quorum: quorumSchema.describe('Approvals it needs, and how many of them with a passkey or a code.'),
    votes: z.array(voteViewSchema),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Approval' });
export type ApprovalView = z.infer<typeof approvalViewSchema>;

export const approvalListSchema = z
  .object({ approvals: z.array(approvalViewSchema) })
  .meta({ id: 'ApprovalList' });

/** What a passkey is asked to answer, as WebAuthn has it: see docs/passkeys.md. */
export const challengeViewSchema = z
  .object({
    nonce: z.string().describe('Good once, for five minutes, and for this vote alone.'),
    challenge: z.string().describe('SHA-256, as base64url, over all that the vote decides.'),
    rpId: z.string(),
    credentialIds: z.array(z.string()).describe('The voter’s passkeys.'),
    tier: z.string(),
    voter: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'VoteChallenge' });

/** Somebody's passkeys. */
export const passkeyListSchema = z
  .object({
    principalId,
    passkeys: z.array(passkeySchema),
    origin: z
      .url()
      .optional()
      .describe('Of the page at which they are made and used. Absent where nobody votes with one.'),
  })
  .meta({ id: 'PasskeyList' });

/** What whoever voted is answered. */
export const recordedVoteSchema = z
  .object({
    requestId: requestIdSchema,
    decision,
    given: z.number().int().describe('Approvals that were given so far.'),
    needed: z.number().int(),
  })
  .meta({ id: 'RecordedVote' });

/** What binds a gateway to the call tells people nothing. */
const withoutDigest = ({ digest: _, ...shown }: HeldCall): Omit<HeldCall, 'digest'> => shown;

/** What of a change people read; what binds it is the digest that they vote on. */
const shownOf = ({ kind, target, proposal }: Change): Pick<Change, 'kind' | 'target' | 'proposal'> => ({
  kind,
  target,
  proposal,
});

const provedBy = ({ stepUp, assertion }: Vote) => {
  if (assertion) return { provedBy: 'passkey' as const };
  return stepUp ? { provedBy: 'code' as const } : {};
};

/** A row that people are asked about, as they are shown it. */
export function approvalViewOf(row: AskedRow, votes: readonly Vote[]): ApprovalView {
  const { asked: shown, approval, call, change } = row;
  return approvalViewSchema.parse({
    ...row,
    ...shown,
    ...(call && { call: withoutDigest(call) }),
    ...(change && { change: shownOf(change) }),
    tier: approval.tier,
    deadline: approval.deadline,
    ...(approval.onCall && { onCall: approval.onCall }),
    quorum: approval.quorum,
    votes: votes.map((vote) => ({ ...vote, ...provedBy(vote) })),
  });
}
