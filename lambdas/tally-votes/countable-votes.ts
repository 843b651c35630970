import type { ApprovalsConfig } from '../shared/domain/approvals-config.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Evidence, Vote } from '../shared/domain/vote.ts';

/** Why a vote does not count, or undefined where it does. */
function discount(
  vote: Vote,
  voter: Principal | undefined,
  requester: Principal,
  { tiers }: ApprovalsConfig,
  concerned: readonly string[],
): string | undefined {
  const tier = tiers.find(({ name }) => name === vote.tier);
  if (!tier) return 'the tier is not configured';
  if (voter?.status !== 'active') return 'the voter is not active';
  if (!voter.groups.includes(tier.approverGroup)) return "the voter is not of the tier's group";
  if (!voter.persons.includes(vote.person)) return 'the voter is no longer this person';
  if (voter.type !== 'human') return 'only people vote';
  if (voter.id === requester.id) return 'whoever asks never approves';
  if (voter.persons.some((person) => requester.persons.includes(person))) {
    return requester.type === 'agent'
      ? 'the voter owns the asking agent'
      : 'the voter is the requester under another name';
  }
  if (voter.persons.some((person) => concerned.includes(person))) return 'the change is about the voter';
  return undefined;
}

/**
 * The votes that count: of active people of the tier's group, one a person, never of whoever asks, under any
 * identity, nor of the owner of the asking agent, nor of `concerned` persons, whom a change is about. Standing is what it is now, not what it was at the vote.
 */
export function countableVotes(
  votes: readonly Vote[],
  voters: ReadonlyMap<string, Principal | undefined>,
  requester: Principal,
  approvals: ApprovalsConfig,
  concerned: readonly string[] = [],
): Pick<Evidence, 'votes' | 'discounted'> {
  const counted = new Map<string, Vote>();
  const discounted: Evidence['discounted'] = [];
  for (const vote of votes) {
    const because = counted.has(vote.person)
      ? 'this person voted before'
      : discount(vote, voters.get(vote.principalId), requester, approvals, concerned);
    if (because) discounted.push({ principalId: vote.principalId, because });
    else counted.set(vote.person, vote);
  }
  return { votes: [...counted.values()], discounted };
}
