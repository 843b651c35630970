import { nameOfChange } from '../domain/bundle/bundle.ts';
import { callInShort } from './describe-call.ts';
import { durationInWords, grantsInShort } from './describe-grants.ts';
import type { MessageContent, Phase } from './message-content.ts';
import { cut } from './rich-text.ts';

/** Longest header text in Slack. */
const MOST_HEADER = 150;

const VERBS: Record<Phase, string> = {
  waiting: 'wants to',
  moved_on: 'wants to',
  approved: 'may',
  revoked: 'could',
  denied: 'may not',
  cancelled: 'wanted to',
  expired: 'wanted to',
  failed: 'wanted to',
};

/** Phases after somebody agreed. */
const AGREED: ReadonlySet<Phase> = new Set(['approved', 'revoked']);

/** The terms that hold now: what was decided, or as long as nothing is, what was asked for. */
export function termsOf({ row }: Pick<MessageContent, 'row'>, phase: Phase) {
  const { grants, durationSeconds = 0 } = row.asked;
  return (AGREED.has(phase) && row.decision?.entitlement) || { grants, durationSeconds };
}

/** `customer_support_agent wants to WRITE bank_balances for 30 min`. Nobody's words are in it. */
export function headlineOf(content: MessageContent, phase: Phase): string {
  const { row, wording } = content;
  const { change, call, principalId } = row;
  if (change) return `${principalId} ${VERBS[phase]} CHANGE ${nameOfChange(change)}`;
  if (call) return cut(`${principalId} ${VERBS[phase]} CALL ${callInShort(call)}`, MOST_HEADER);
  const { grants, durationSeconds } = termsOf(content, phase);
  const words = grantsInShort(grants, wording);
  const loud = row.asked.breakGlass ? 'BREAK GLASS: ' : '';
  return cut(
    `${loud}${principalId} ${VERBS[phase]} ${words} for ${durationInWords(durationSeconds)}`,
    MOST_HEADER,
  );
}
