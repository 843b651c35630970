import type { Target } from '../../lambdas/shared/messages/message-target.ts';
import { checkStepUp, type StepUpPorts } from '../../lambdas/shared/votes/check-step-up.ts';
import { type Ballot, castVote, type VotingPorts } from '../cast-vote.ts';
import { screenPresser } from '../screen-presser.ts';
import { voteAnswer } from '../views/vote-answer.ts';
import { type HearingPorts, type ModalAnswer, say } from './hear.ts';
import type { Submission } from './read-press.ts';

type Sent = Omit<Submission, 'target'> & { readonly target: Target };

export type CodePorts = VotingPorts & StepUpPorts & HearingPorts;

/**
 * Casts the vote that a modal holds, with its code where one was entered. Whether the presser may vote is looked
 * at first, so that nobody's code is spent on a vote that cannot count.
 */
export async function voteWithCode(
  { presser, target, values }: Sent,
  ballot: Omit<Ballot, 'stepUp'>,
  ports: CodePorts,
): Promise<ModalAnswer> {
  const screened = await screenPresser(target, presser, ports);
  if (screened.kind !== 'may_vote') {
    ports.log('vote refused', { ...target, userId: presser.userId, because: screened.kind });
    return { say: voteAnswer(screened, ports.wording()) };
  }
  const code = values.code?.value.value?.trim();
  if (code) {
    const checked = await checkStepUp(screened.voter.principal.id, code, ports);
    if (!checked.ok) {
      ports.log('code refused', { ...target, userId: presser.userId, because: checked.because });
      return { errors: { code: checked.say } };
    }
  }
  const result = await castVote(target, presser, { ...ballot, stepUp: Boolean(code) }, ports);
  const text = voteAnswer(result, ports.wording());
  if (result.kind !== 'recorded') return { say: text };
  const message = await ports.messages.ofRequest(target.requestId, target.tier);
  if (message) await say({ presser, channelId: message.channel }, text, ports);
  return undefined;
}
