import { visibleText } from '../domain/text/show-hostile-text.ts';
import type { Vote } from '../domain/vote.ts';
import { actionInWords, durationInWords } from './describe-grants.ts';
import { bold, cut, moment, type Piece, text } from './rich-text.ts';

/** What an approver took off, in words; empty where they approved the whole. */
function narrowed({ narrowing }: Vote): string {
  if (!narrowing) return '';
  const { grants, durationSeconds, windowSeconds } = narrowing;
  return [
    ...(grants
      ? [
          grants
            .map((grant) => `${grant.actions.map(actionInWords).join(', ')} on ${grant.resource}`)
            .join('; '),
        ]
      : []),
    ...(durationSeconds ? [`for ${durationInWords(durationSeconds)}`] : []),
    ...(windowSeconds ? [`also for the same within ${durationInWords(windowSeconds)}`] : []),
  ].join(', ');
}

const provedBy = ({ stepUp, assertion }: Vote): string => {
  if (assertion) return ', with a passkey';
  return stepUp ? ', with a code' : '';
};

/** One line a vote: who, what, when, and in whose words why. */
export function voteLines(votes: readonly Vote[]): Piece[][] {
  return votes.map((vote) => {
    const less = narrowed(vote);
    return [
      bold(vote.decision === 'approve' ? 'Approved  ' : 'Denied  '),
      text(`by ${vote.principalId}${provedBy(vote)} at `),
      moment(vote.votedAt),
      text(less ? `: ${less}` : ''),
      text(vote.reason ? ` — “${cut(visibleText(vote.reason), 300)}”` : ''),
    ].filter((piece) => piece.type !== 'text' || piece.text !== '');
  });
}
