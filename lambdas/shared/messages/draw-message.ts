import type { SlackMessage } from '../adapters/slack/slack.ts';
import type { ApprovalMessage } from '../adapters/tables/approval-messages-table.ts';
import type { RequestRow } from '../domain/request-row.ts';
import type { Vote } from '../domain/vote.ts';
import { approvalMessage } from './approval-message.ts';
import { executionUrlOf } from './execution-url.ts';
import { type AskedRow, isAsked, type MessageFacts, phaseOf, type Wording } from './message-facts.ts';

type MessagePlace = Pick<ApprovalMessage, 'channel' | 'ts'>;

/** What the facts of a message are read from. */
export type FactsPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly approvals: { listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> };
  readonly wording: () => Wording;
  /** Postern's own console, where there is one. */
  readonly consoleUrl: string | undefined;
};

export type DrawPorts = FactsPorts & {
  readonly messages: { get(place: MessagePlace): Promise<ApprovalMessage | undefined> };
  readonly slack: { update(place: MessagePlace, message: SlackMessage): Promise<void> };
};

/** Redraws of one message until its rows stand still; each is a look at newer rows. */
const MOST_DRAWINGS = 5;

/** The row that a message shows, and which others wait in it: the first that waits, else the first. */
function shownOf(rows: readonly AskedRow[], tier: string): { row: AskedRow; alike: string[] } | undefined {
  const waiting = rows.filter((row) => phaseOf({ row, tier }) === 'waiting');
  const row = waiting[0] ?? rows[0];
  return row && { row, alike: waiting.slice(1).map(({ requestId }) => requestId) };
}

/** Reads what a message is drawn from; undefined where none of its requests is there any more. */
export async function readFacts(
  { requestIds, tier }: { readonly requestIds: readonly string[]; readonly tier: string },
  ports: FactsPorts,
): Promise<MessageFacts | undefined> {
  const rows = await Promise.all(requestIds.map((id) => ports.requests.get(id)));
  const shown = shownOf(rows.filter(isAsked), tier);
  if (!shown) return undefined;
  const { row, alike } = shown;
  return {
    row,
    alike,
    tier,
    votes: await ports.approvals.listVotes(row.requestId, row.asked.proposalDigest),
    wording: ports.wording(),
    executionUrl: executionUrlOf({ ...row, executionArn: row.executionArn }, ports.consoleUrl),
  };
}

/** What of the facts moves: a drawing of older facts is drawn over. */
const stateOf = ({ row, alike, votes }: MessageFacts): string =>
  JSON.stringify([row.requestId, row.version, alike, votes.map(({ reason, votedAt }) => [reason, votedAt])]);

/**
 * Draws a message anew from its rows. Two that draw at once both look again afterwards, so that whichever comes
 * last leaves the newest picture. Answers what was drawn last.
 */
export async function drawMessage(
  message: ApprovalMessage,
  ports: DrawPorts,
): Promise<SlackMessage | undefined> {
  const factsNow = async () => {
    // Read anew each time: a request may have joined the message since the caller looked.
    const { requestIds } = (await ports.messages.get(message)) ?? message;
    return readFacts({ requestIds, tier: message.tier }, ports);
  };
  let facts = await factsNow();
  let drawn: SlackMessage | undefined;
  for (let drawing = 0; facts && drawing < MOST_DRAWINGS; drawing += 1) {
    drawn = approvalMessage(facts);
    await ports.slack.update(message, drawn);
    const now: MessageFacts | undefined = await factsNow();
    if (!now || stateOf(now) === stateOf(facts)) break;
    facts = now;
  }
  return drawn;
}
