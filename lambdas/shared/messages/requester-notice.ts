import { nameOfChange } from '../domain/bundle/bundle.ts';
import { nameOfCall } from '../domain/calls/held-call.ts';
import type { RequestRow } from '../domain/request-row.ts';
import { sayReason } from '../domain/text/say-reason.ts';
import { visibleText } from '../domain/text/show-hostile-text.ts';
import type { Vote } from '../domain/vote.ts';
import { durationInWords, grantsInShort } from './describe-grants.ts';
import { channelOf, type Wording } from './message-content.ts';
import { cut, utcTime } from './rich-text.ts';

function opened({ decision, change, call }: RequestRow, wording: Wording): string {
  if (call) return nameOfCall(call);
  if (change) return nameOfChange(change);
  if (!decision?.entitlement) return 'the access';
  const { grants, durationSeconds } = decision.entitlement;
  return `${grantsInShort(grants, wording)} for ${durationInWords(durationSeconds)}`;
}

/**
 * What its requester is told as a request goes on, or undefined where there is nothing to say. Slack never
 * yields a session: what is told is the command that claims it, with the requester's own AWS credentials.
 */
export function requesterNotice(
  row: RequestRow,
  votes: readonly Vote[],
  wording: Wording,
): string | undefined {
  const { requestId, status, approval, decision, claimBy } = row;
  const why = (decision?.reasons ?? []).map(sayReason).join(' ');
  const said = votes.flatMap(({ decision: cast, reason }) =>
    cast === 'deny' && reason ? ` In the approver's words: “${cut(visibleText(reason), 600)}”` : '',
  );
  switch (status) {
    case 'AWAITING_APPROVAL':
      return approval
        ? `${requestId}: ${channelOf(approval.tier, wording)} is asked, until ${utcTime(approval.deadline)}.`
        : undefined;
    case 'READY':
      return `${requestId}: granted, ${opened(row, wording)}. Claim it${claimBy ? ` by ${utcTime(claimBy)}` : ''}: ${wording.claimCommand} ${requestId}`;
    case 'APPLIED':
      return `${requestId}: approved and applied, ${opened(row, wording)}.`;
    case 'ALLOWED':
      return `${requestId}: approved, ${opened(row, wording)}. Repeat the call, unchanged, within 15 minutes: it works once.`;
    case 'DENIED':
      return `${requestId}: denied. ${why}${said.join('')}`.trim();
    case 'EXPIRED':
      return `${requestId}: granted, but nobody claimed it in time. Ask again.`;
    case 'FAILED':
      return `${requestId}: the broker could not finish it (${row.closedBecause ?? 'unknown'}). Nothing was issued; ask again.`;
    default:
      return undefined;
  }
}

/** What a requester is told when an approver says afterwards why they denied. */
export const denialReasonNotice = (requestId: string, reason: string): string =>
  `${requestId}: why it was denied, in the approver's words: “${cut(visibleText(reason), 600)}”`;
