import type { App } from '@slack/bolt';
import type { ApprovalMessage } from '../../lambdas/shared/adapters/tables/approval-messages-table.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { type Vote, voteSchema } from '../../lambdas/shared/domain/vote.ts';
import { type DrawPorts, drawMessage, readContent } from '../../lambdas/shared/messages/draw-message.ts';
import { type Target, writeTarget } from '../../lambdas/shared/messages/message-target.ts';
import { denialReasonNotice } from '../../lambdas/shared/messages/requester-notice.ts';
import { castVote, type VotingPorts } from '../cast-vote.ts';
import { denyReasonModal } from '../views/approval-modals.ts';
import { MALFORMED, voteAnswer } from '../views/vote-answer.ts';
import { type HearingPorts, hearPress, hearSubmission } from './hear.ts';
import type { OpenModal } from './open-modal.ts';

type ReasonPorts = DrawPorts & {
  readonly messages: { ofRequest(requestId: string, tier: string): Promise<ApprovalMessage | undefined> };
  readonly approvals: {
    /** Gives a vote its reason afterwards, once. False where there is no such vote, or it has one. */
    putReason(
      requestId: string,
      vote: Pick<Vote, 'proposalDigest' | 'person'>,
      reason: string,
    ): Promise<boolean>;
  };
  readonly principals: { get(id: string): Promise<Principal | undefined> };
  /** In a direct message. */
  readonly slack: { tell(userId: string, text: string): Promise<void> };
};
export type DenyingPorts = VotingPorts & ReasonPorts & HearingPorts & OpenModal;

/** Deny: one press ends it; why is asked for afterwards, and need not be said. */
export function listenToDeny(app: App, ports: DenyingPorts): void {
  hearPress(app, 'deny', ports, async ({ presser, target, triggerId }) => {
    const result = await castVote(target, presser, { decision: 'deny', stepUp: false }, ports);
    const content =
      result.kind === 'recorded'
        ? await readContent({ requestIds: [target.requestId], tier: target.tier }, ports)
        : undefined;
    if (content) await ports.slack.openModal(triggerId, denyReasonModal(content, writeTarget(target)));
    return voteAnswer(result, ports.wording());
  });
  hearSubmission(app, 'deny_reason', ports, async ({ presser, target, values }) => {
    const said = voteSchema.shape.reason.safeParse(values.reason?.value.value?.trim());
    if (!said.success) return { say: MALFORMED };
    const reason = said.data;
    const voter = reason ? await ports.principals.findBySlackUser(presser.userId) : undefined;
    if (!reason || !voter) return undefined;
    await giveReason(target, voter.persons[0] ?? voter.id, reason, ports);
    return undefined;
  });
}

/** Puts the reason to the person's own votes, shows it in the message, and tells the requesters. */
async function giveReason(target: Target, person: string, reason: string, ports: ReasonPorts) {
  const { requestId, tier, proposalDigest } = target;
  const message = await ports.messages.ofRequest(requestId, tier);
  for (const id of message?.requestIds ?? [requestId]) {
    if (await ports.approvals.putReason(id, { proposalDigest, person }, reason)) {
      await tellRequester(id, reason, ports);
    }
  }
  if (message) await drawMessage(message, ports);
}

async function tellRequester(requestId: string, reason: string, ports: ReasonPorts): Promise<void> {
  const row = await ports.requests.get(requestId);
  const userId =
    row?.slackOrigin?.userId ?? (row && (await ports.principals.get(row.principalId))?.slackUserId);
  if (userId) await ports.slack.tell(userId, denialReasonNotice(requestId, reason));
}
