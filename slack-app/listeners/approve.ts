import type { App } from '@slack/bolt';
import { voteSchema } from '../../lambdas/shared/domain/vote.ts';
import { type ContentPorts, readContent } from '../../lambdas/shared/messages/draw-message.ts';
import { codesMissing } from '../../lambdas/shared/messages/explain-approval.ts';
import { writeTarget } from '../../lambdas/shared/messages/message-target.ts';
import { castVote } from '../cast-vote.ts';
import { screenPresser } from '../screen-presser.ts';
import { codeModal, narrowModal } from '../views/approval-modals.ts';
import { MALFORMED, NOTHING_LEFT, voteAnswer } from '../views/vote-answer.ts';
import { hearPress, hearSubmission } from './hear.ts';
import type { OpenModal } from './open-modal.ts';
import { readNarrowing } from './read-narrowing.ts';
import { type CodePorts, voteWithCode } from './vote-with-code.ts';

export type ApprovingPorts = CodePorts & ContentPorts & OpenModal;

/** Approve: a vote at once, or where a code is still missing, the modal that takes it. */
export function listenToApprove(app: App, ports: ApprovingPorts): void {
  hearPress(app, 'approve', ports, async ({ presser, target, triggerId }) => {
    const screened = await screenPresser(target, presser, ports);
    const content =
      screened.kind === 'may_vote'
        ? await readContent({ requestIds: [target.requestId], tier: target.tier }, ports)
        : undefined;
    if (content && codesMissing(content) > 0) {
      await ports.slack.openModal(triggerId, codeModal(content, writeTarget(target)));
      return undefined;
    }
    const result = await castVote(target, presser, { decision: 'approve', stepUp: false }, ports);
    return voteAnswer(result, ports.wording());
  });
  hearSubmission(app, 'approve_with_code', ports, (sent) =>
    voteWithCode(sent, { decision: 'approve' }, ports),
  );
}

/** Narrow…: the modal that lets an approver approve less, and its vote. */
export function listenToNarrow(app: App, ports: ApprovingPorts): void {
  hearPress(app, 'narrow', ports, async ({ presser, target, triggerId }) => {
    const screened = await screenPresser(target, presser, ports);
    if (screened.kind !== 'may_vote') return voteAnswer(screened, ports.wording());
    const content = await readContent({ requestIds: [target.requestId], tier: target.tier }, ports);
    if (!content) return voteAnswer({ kind: 'unknown_request' }, ports.wording());
    await ports.slack.openModal(triggerId, narrowModal(content, writeTarget(target)));
    return undefined;
  });
  hearSubmission(app, 'approve_less', ports, async (sent) => {
    const asked = (await ports.requests.get(sent.target.requestId))?.asked;
    const read = asked && readNarrowing(sent.values, asked);
    if (!read) return { say: voteAnswer({ kind: 'unknown_request' }, ports.wording()) };
    if (read.kind === 'nothing') return { errors: { [read.blockId]: NOTHING_LEFT } };
    const reason = voteSchema.shape.reason.safeParse(sent.values.reason?.value.value?.trim());
    if (read.kind === 'malformed' || !reason.success) {
      ports.log('vote refused', { ...sent.target, userId: sent.presser.userId, because: 'malformed' });
      return { say: MALFORMED };
    }
    return voteWithCode(
      sent,
      {
        decision: 'approve',
        ...(read.narrowing && { narrowing: read.narrowing }),
        ...(reason.data && { reason: reason.data }),
      },
      ports,
    );
  });
}
