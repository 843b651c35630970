import type { ApprovalsConfig } from '../lambdas/shared/domain/approvals/approvals-config.ts';
import { refusalOf } from '../lambdas/shared/domain/approvals/may-vote.ts';
import type { RequestRow } from '../lambdas/shared/domain/request-row.ts';
import { type AskedRow, isAsked } from '../lambdas/shared/messages/message-content.ts';
import type { Target } from '../lambdas/shared/messages/message-target.ts';
import { findVoter, type Presser, type Voter, type VoterPorts } from './find-voter.ts';
import type { VoteResult } from './views/vote-answer.ts';

export type ScreeningPorts = VoterPorts & {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly wording: () => Pick<ApprovalsConfig, 'tiers'>;
};

/** Whoever may vote on a request that still waits; else what to tell them. */
type Screening =
  | { readonly kind: 'may_vote'; readonly row: AskedRow; readonly voter: Voter }
  | Exclude<VoteResult, { kind: 'recorded' }>;

/**
 * Whether this press of a button can be a vote: the request waits, in this tier, for the very proposal that the
 * message showed, and the presser may vote on it. Looked at again when the votes are tallied.
 */
export async function screenVoter(
  target: Target,
  presser: Presser,
  ports: ScreeningPorts,
): Promise<Screening> {
  const { requestId, tier: tierName, proposalDigest } = target;
  const row = await ports.requests.get(requestId);
  if (!isAsked(row)) return { kind: 'unknown_request' };
  if (row.status !== 'AWAITING_APPROVAL') return { kind: 'closed', row };
  if (row.approval.tier !== tierName) return { kind: 'moved_on', to: row.approval.tier };
  if (row.asked.proposalDigest !== proposalDigest) return { kind: 'proposal_changed' };
  const tier = ports.wording().tiers.find(({ name }) => name === tierName);
  if (!tier) return { kind: 'unknown_request' };
  const voter = await findVoter(presser, tier, ports);
  if (!voter) return { kind: 'unknown_voter' };
  const { principalType: type, persons, concerned } = row.asked;
  const because = refusalOf(voter, tier, { requester: { id: row.principalId, type, persons }, concerned });
  return because ? { kind: 'refused', because } : { kind: 'may_vote', row, voter };
}
