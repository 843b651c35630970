import type { VoterRefusal } from '../../lambdas/shared/domain/approvals/vote-refusals.ts';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { channelOf, type Wording } from '../../lambdas/shared/messages/message-content.ts';
import { utcTime } from '../../lambdas/shared/messages/rich-text.ts';
import type { VoteResult } from '../../lambdas/shared/votes/vote-result.ts';

/** Said at the boxes that were all left empty. */
export const NOTHING_LEFT = 'Nothing would be left. To approve nothing, close this and press Deny.';
/** Said to an answer that no modal of ours sends. */
export const MALFORMED =
  'A time or a reason in this answer is none that can be recorded. Nothing was changed.';

/** Answers that no vote stands behind. */
export const ANOTHER_TEAM =
  'This belongs to another workspace. Votes and requests count from the workspace that the broker is installed in.';
export const NOT_OURS = 'This is not a button of the broker. Nothing was changed.';
export const NOT_FINISHED =
  'The broker could not finish this. Try again in a moment: what was recorded already counts once.';
export const UNKNOWN_USER =
  'Your Slack user belongs to no active principal of the broker. Ask an administrator to add your Slack user id to yours.';

const ENDED: Partial<Record<RequestRow['status'], string>> = {
  READY: 'approved',
  ISSUED: 'approved',
  APPLIED: 'approved and applied',
  ALLOWED: 'approved',
  DENIED: 'denied',
  CANCELLED: 'cancelled by its requester',
  EXPIRED: 'approved, and not claimed in time',
  FAILED: 'ended by a malfunction',
};

const REFUSED: Record<VoterRefusal, string> = {
  not_active: 'you are suspended',
  not_in_group: 'you are not one of the approvers who are asked here',
  not_human: 'only people vote',
  asks_for_it: 'you asked for this yourself',
  owns_asking_agent: 'the agent that asks is your own',
  same_person: 'you asked for this yourself, under another name',
  change_about_voter: 'the change is about you',
  asked_for_them: 'it is asked for on your behalf',
};

/** What the voter is told: what happened, and where it changes nothing, why. */
export function voteAnswer(result: VoteResult, wording: Pick<Wording, 'tiers'>): string {
  switch (result.kind) {
    case 'recorded':
      return result.decision === 'deny'
        ? `Your denial of ${result.requestId} is recorded: it is denied.`
        : `Your approval of ${result.requestId} is recorded: ${result.given} of ${result.needed}.`;
    case 'voted_before':
      return `You have voted on this already${result.vote ? ` (${result.vote.decision}, ${utcTime(result.vote.votedAt)})` : ''}. A second vote changes nothing.`;
    case 'moved_on':
      return `Nobody answered here in time: ${channelOf(result.to, wording)} is asked now. Your vote here changes nothing.`;
    case 'proposal_changed':
      return 'What is asked for has changed since this message. Your vote here changes nothing; look for the newer message.';
    case 'closed':
      return `This request was ${ENDED[result.row.status] ?? 'closed'} at ${utcTime(result.row.updatedAt)}. Your vote changes nothing.`;
    case 'unknown_request':
      return 'This request is not known here. Nothing was changed.';
    case 'unknown_voter':
      return UNKNOWN_USER;
    case 'refused':
      return `Your vote does not count: ${REFUSED[result.because]}.`;
  }
}
