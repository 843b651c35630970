import type { Target } from '../lambdas/shared/messages/message-target.ts';
import { type Ballot, type StoringPorts, storeVote } from '../lambdas/shared/votes/store-vote.ts';
import type { VoteResult } from '../lambdas/shared/votes/vote-result.ts';
import type { Presser, VoterPorts } from './find-voter.ts';
import { screenPresser } from './screen-presser.ts';

export type VotingPorts = StoringPorts & VoterPorts;
export type { Ballot };

/** Casts the vote of whoever pressed a button, where they may. */
export async function castVote(
  target: Target,
  presser: Presser,
  ballot: Omit<Ballot, 'slack'>,
  ports: VotingPorts,
): Promise<VoteResult> {
  const screened = await screenPresser(target, presser, ports);
  if (screened.kind !== 'may_vote') {
    ports.log('vote refused', { ...target, userId: presser.userId, because: screened.kind });
    return screened;
  }
  return storeVote(target, screened, { ...ballot, slack: presser }, ports);
}
