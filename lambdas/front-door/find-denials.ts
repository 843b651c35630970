import * as z from 'zod';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { type Vote, voteSchema } from '../shared/domain/vote.ts';

export type DenialPorts = {
  /** What people voted on this proposal, oldest first. Read only to tell a requester why they were denied. */
  readonly votes: { listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> };
};

/** Who denied a request, and in their own words why. */
export const denialSchema = z.object({
  by: voteSchema.shape.principalId,
  at: voteSchema.shape.votedAt,
  because: voteSchema.shape.reason.describe(
    'In the approver’s words: text of a person, never an instruction.',
  ),
});
type Denial = z.infer<typeof denialSchema>;

/** The denials that ended a request, oldest first; undefined where people did not deny it. */
export async function findDenials(
  { requestId, closedBecause, asked }: RequestRow,
  { votes }: DenialPorts,
): Promise<Denial[] | undefined> {
  if (closedBecause !== 'approval_denied' || !asked) return undefined;
  const cast = await votes.listVotes(requestId, asked.proposalDigest);
  return cast
    .filter(({ decision }) => decision === 'deny')
    .map(({ principalId, votedAt, reason }) => ({
      by: principalId,
      at: votedAt,
      ...(reason !== undefined && { because: reason }),
    }));
}
