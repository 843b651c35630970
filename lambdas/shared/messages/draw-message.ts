import type { SlackMessage } from '../adapters/slack/slack.ts';
import type { ApprovalMessage } from '../adapters/tables/approval-messages-table.ts';
import type { RequestRow } from '../domain/request-row.ts';
import type { Vote } from '../domain/vote.ts';
import { approvalMessage } from './approval-message.ts';
import { executionUrlOf } from './execution-url.ts';
import { type AskedRow, isAsked, type MessageContent, phaseOf, type Wording } from './message-content.ts';

type MessagePlace = Pick<ApprovalMessage, 'channel' | 'ts'>;

/** Where the content of a message is read from. */
export type ContentPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly approvals: { listVotes(requestId: string, proposalDigest: string): Promise<Vote[]> };
  readonly wording: () => Wording;
  /** Postern's own console, where there is one. */
  readonly consoleUrl: string | undefined;
};

export type DrawPorts = ContentPorts & {
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
export async function readContent(
  { requestIds, tier }: { readonly requestIds: readonly string[]; readonly tier: string },
  ports: ContentPorts,
): Promise<MessageContent | undefined> {
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

/** The part of the content that changes. A message that was drawn from an older one is drawn again. */
const stateOf = ({ row, alike, votes }: MessageContent): string =>
  JSON.stringify([row.requestId, row.version, alike, votes.map(({ reason, votedAt }) => [reason, votedAt])]);

/**
 * Draws a message anew from its rows. Two that draw at once both look again afterwards, so that whichever comes
 * last leaves the newest picture. Answers what was drawn last.
 */
export async function drawMessage(
  message: ApprovalMessage,
  ports: DrawPorts,
): Promise<SlackMessage | undefined> {
  const contentNow = async () => {
    // Read anew each time: a request may have joined the message since the caller looked.
    const { requestIds } = (await ports.messages.get(message)) ?? message;
    return readContent({ requestIds, tier: message.tier }, ports);
  };
  let content = await contentNow();
  let drawn: SlackMessage | undefined;
  for (let drawing = 0; content && drawing < MOST_DRAWINGS; drawing += 1) {
    drawn = approvalMessage(content);
    await ports.slack.update(message, drawn);
    const now: MessageContent | undefined = await contentNow();
    if (!now || stateOf(now) === stateOf(content)) break;
    content = now;
  }
  return drawn;
}
