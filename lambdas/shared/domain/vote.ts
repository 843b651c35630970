import * as z from 'zod';
import { assertionSchema } from './approvals/assertion.ts';
import { discountSchema } from './approvals/vote-refusals.ts';
import { outsideFactSchema } from './outside/outside-fact.ts';
import { grantSchema } from './review.ts';

/** What a reviewer approves instead of the whole: fewer grants, a shorter session. It can only narrow. */
export const narrowingSchema = z.strictObject({
  grants: z.array(grantSchema).min(1).optional(),
  durationSeconds: z.number().int().min(900).max(3600).optional(),
  /** Seconds for which an identical request reuses this approval. */
  windowSeconds: z.number().int().min(0).max(14_400).optional(),
});
export type Narrowing = z.infer<typeof narrowingSchema>;

/** One vote of one person, bound to the digest of the proposal it was cast on. */
export const voteSchema = z.object({
  decision: z.enum(['approve', 'deny']),
  principalId: z.string(),
  person: z.string(),
  tier: z.string(),
  proposalDigest: z.string(),
  /** Digest of the ballot as it was cast, see ballot.ts. One that has none counts for nothing. */
  ballotDigest: z.string().optional(),
  votedAt: z.iso.datetime(),
  stepUp: z.boolean(),
  /** Where it was proved with a passkey: by what. Whether it is proved, the tally finds. */
  assertion: assertionSchema.optional(),
  slackUserId: z.string().optional(),
  slackTeamId: z.string().optional(),
  /** The Slack user group the voter was found in, where that is what admits them to the tier. */
  slackUserGroup: z.string().optional(),
  reason: z.string().max(600).optional(),
  narrowing: narrowingSchema.optional(),
  /** Digest of the rules it was cast under, see basis.ts. */
  basis: z.string().optional(),
  /** On the copy of an approval for a window: the request it was cast on. */
  windowOf: z.string().optional(),
});
export type Vote = z.infer<typeof voteSchema>;

/** What TallyVotes answers: the votes that count, read from the table, and why the flow woke. */
export const evidenceSchema = z.object({
  /** `woken`: somebody voted; `timed_out`: the wait ended; `unreachable`: the channel could not be told. */
  wake: z.enum(['woken', 'timed_out', 'unreachable']),
  /** Votes of active members of the tier's group, bound to the current proposal, one a person. */
  votes: z.array(voteSchema),
  /** Votes that were found but do not count, and why; for the audit log. */
  discounted: z.array(z.object({ principalId: z.string(), because: discountSchema })),
  requesterActive: z.boolean(),
  /** The facts from outside, read anew. */
  outside: z.array(outsideFactSchema).optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;
