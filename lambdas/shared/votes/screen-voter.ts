import type { Subject } from '../domain/access-request.ts';
import type { ApprovalsConfig, Tier } from '../domain/approvals/approvals-config.ts';
import { dutyShown } from '../domain/approvals/duty-shown.ts';
import { refusalOf } from '../domain/approvals/may-vote.ts';
import type { Principal } from '../domain/principal.ts';
import type { RequestRow } from '../domain/request-row.ts';
import { type AskedRow, isAsked } from '../messages/message-content.ts';
import type { Target } from '../messages/message-target.ts';
import type { VoteResult } from './vote-result.ts';

/** Who votes, and what admits them to the tier besides their own groups. */
export type Voter = {
  readonly principal: Principal;
  readonly slackUserGroup?: string;
  /** Whose token they signed in with, where they did. */
  readonly tokenOf?: Subject;
};

export type ScreeningPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly wording: () => Pick<ApprovalsConfig, 'tiers'>;
};

/** Whoever may vote on a request that still waits; else what to tell them. */
export type Screening =
  | { readonly kind: 'may_vote'; readonly row: AskedRow; readonly voter: Voter }
  | Exclude<VoteResult, { kind: 'recorded' }>;

/**
 * Whether a vote could count: the request waits, in this tier, for the very proposal that the voter was shown, and they
 * may vote on it. Looked at again when the votes are tallied.
 */
export async function screenVoter(
  { requestId, tier: tierName, proposalDigest }: Target,
  findVoter: (tier: Tier) => Promise<Voter | undefined>,
  { requests, wording }: ScreeningPorts,
): Promise<Screening> {
  const row = await requests.get(requestId);
  if (!isAsked(row)) return { kind: 'unknown_request' };
  if (row.status !== 'AWAITING_APPROVAL') return { kind: 'closed', row };
  if (row.approval.tier !== tierName) return { kind: 'moved_on', to: row.approval.tier };
  if (row.asked.proposalDigest !== proposalDigest) return { kind: 'proposal_changed' };
  const tier = wording().tiers.find(({ name }) => name === tierName);
  if (!tier) return { kind: 'unknown_request' };
  const voter = await findVoter(tier);
  if (!voter) return { kind: 'unknown_voter' };
  const { principalType: type, persons, concerned } = row.asked;
  const because = refusalOf(voter, tier, {
    requester: { id: row.principalId, type, persons },
    concerned,
    ...(row.subject && { subject: row.subject }),
    duty: dutyShown(row.approval, tier),
  });
  return because ? { kind: 'refused', because } : { kind: 'may_vote', row, voter };
}
