import { ApprovalChannelUnavailable, DependencyUnavailable } from '../shared/domain/errors.ts';
import type { ApprovalAsk } from '../shared/domain/verdict.ts';
import { approvalMessage } from '../shared/messages/approval-message.ts';
import { readContent } from '../shared/messages/draw-message.ts';
import { type AskPorts, askInSlack } from './ask-in-slack.ts';

type Ask = { readonly requestId: string; readonly proposalDigest: string; readonly approval: ApprovalAsk };

/**
 * Asks for an emergency: the topics of all tiers are told, at each asking anew, and the alarm is raised by the step's
 * metric. Slack that is down ends no wait: approvers answer by the command line or at the console, with a code.
 */
export async function askLoudly(ask: Ask, ports: AskPorts): Promise<void> {
  const { requestId, approval } = ask;
  const { tier, reminded } = approval;
  /** Notes that somebody could not be told by this way: there are others. */
  const noting =
    (Down: typeof ApprovalChannelUnavailable | typeof DependencyUnavailable) => (error: unknown) => {
      if (!(error instanceof Down)) throw error;
      ports.warn({ requestId, tier, because: error.message });
    };
  const content = await readContent({ requestIds: [requestId], tier }, ports);
  const again = reminded || approval.history.length > 0 ? ', AGAIN' : '';
  for (const { name, notifyTopicArn } of ports.wording().tiers) {
    if (!notifyTopicArn || !content) continue;
    const subject = `Postern: BREAK GLASS${again}: ${requestId}`;
    const text = `${approvalMessage(content).text} Without Slack: postern approve ${requestId}`;
    await ports.messages
      .once(`alarm#${requestId}#${tier}#${reminded}#${name}`, () =>
        ports.page(notifyTopicArn, { subject, text }),
      )
      .catch(noting(DependencyUnavailable));
  }
  // Its tier's topic was told above.
  await askInSlack(ask, { ...ports, page: async () => {} }).catch(noting(ApprovalChannelUnavailable));
}
