import type { ApprovalsConfig } from '../shared/domain/approvals/approvals-config.ts';
import { ballotDigestOf } from '../shared/domain/approvals/ballot.ts';
import { refusalOf, type VotedOn } from '../shared/domain/approvals/may-vote.ts';
import { sharePerson } from '../shared/domain/approvals/same-person.ts';
import type { Discount } from '../shared/domain/approvals/vote-refusals.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { Evidence, Vote } from '../shared/domain/vote.ts';
import type { Proofs } from './prove-votes.ts';

/** What votes are judged by: standing and rules as they are now, not as they were at the vote. */
type Tally = VotedOn & {
  /** The request whose votes are counted. */
  readonly requestId: string;
  readonly voters: ReadonlyMap<string, Principal | undefined>;
  readonly approvals: ApprovalsConfig;
  /** See basisOf: an approval for a window holds only while this is what it was. */
  readonly basis: string;
  /** What was found of those that a passkey is to prove. */
  readonly proofs: Proofs;
  readonly now: Date;
};

const endOfWindow = ({ votedAt, narrowing }: Vote): number =>
  new Date(votedAt).getTime() + (narrowing?.windowSeconds ?? 0) * 1000;

/** Why an approval given for a window on an earlier request does not hold for this one. */
function lapsed(vote: Vote, { basis, now }: Tally): Discount | undefined {
  if (vote.windowOf === undefined) return undefined;
  if (vote.decision !== 'approve') return 'window_not_of_approval';
  if (endOfWindow(vote) <= now.getTime()) return 'window_over';
  if (vote.basis !== basis) return 'rules_changed';
  return undefined;
}

/** Whether any part of a vote is another than when it was cast. One for a window was cast on an earlier request. */
const isChanged = (vote: Vote, { requestId }: Tally): boolean =>
  vote.ballotDigest !== ballotDigestOf(vote.windowOf ?? requestId, vote);

/** Why a vote that a passkey is to prove is not proved. One that was not looked at is not. */
function unproved(vote: Vote, { proofs }: Tally): Discount | undefined {
  const proof = proofs.get(vote) ?? 'passkey_refused';
  return proof === 'proved' ? undefined : proof;
}

/** Why a vote does not count, or undefined where it does. */
function discount(vote: Vote, tally: Tally): Discount | undefined {
  const tier = tally.approvals.tiers.find(({ name }) => name === vote.tier);
  if (!tier) return 'tier_not_configured';
  if (isChanged(vote, tally)) return 'ballot_changed';
  const principal = tally.voters.get(vote.principalId);
  const refused = lapsed(vote, tally) ?? refusalOf({ ...vote, principal }, tier, tally);
  if (refused) return refused;
  if (!principal?.persons.includes(vote.person)) return 'another_person';
  return vote.assertion ? unproved(vote, tally) : undefined;
}

/** The votes that count, each person's first, and why the others do not. */
export function countableVotes(votes: readonly Vote[], tally: Tally): Pick<Evidence, 'votes' | 'discounted'> {
  const counted: Vote[] = [];
  const discounted: Evidence['discounted'] = [];
  // By every name of theirs: one who has two may have voted by the one, and under another identity by the other.
  const namesOf = ({ principalId, person }: Vote) => [
    person,
    ...(tally.voters.get(principalId)?.persons ?? []),
  ];
  for (const vote of votes) {
    const isSecond = counted.some((before) => sharePerson(namesOf(before), namesOf(vote)));
    const because = isSecond ? 'voted_before' : discount(vote, tally);
    if (because) discounted.push({ principalId: vote.principalId, because });
    else counted.push(vote);
  }
  return { votes: counted, discounted };
}
