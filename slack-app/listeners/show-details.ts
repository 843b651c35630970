import type { App } from '@slack/bolt';
import { type ContentPorts, readContent } from '../../lambdas/shared/messages/draw-message.ts';
import { detailsModal } from '../views/approval-modals.ts';
import { voteAnswer } from '../views/vote-answer.ts';
import { type HearingPorts, hearPress } from './hear.ts';
import type { OpenModal } from './open-modal.ts';

type DetailsPorts = HearingPorts &
  ContentPorts &
  OpenModal & {
    readonly messages: {
      /** The message that asks a tier for a request: others may be answered with it. */
      ofRequest(
        requestId: string,
        tier: string,
      ): Promise<{ readonly requestIds: readonly string[]; readonly tier: string } | undefined>;
    };
  };

/** Details: everything that a decision rests on. Whoever sees the message may see them. */
export function listenToDetails(app: App, ports: DetailsPorts): void {
  hearPress(app, 'details', ports, async ({ target, triggerId }) => {
    const { requestId, tier } = target;
    const message = await ports.messages.ofRequest(requestId, tier);
    const content = await readContent(message ?? { requestIds: [requestId], tier }, ports);
    if (!content) return voteAnswer({ kind: 'unknown_request' }, ports.wording());
    await ports.slack.openModal(triggerId, detailsModal(content));
    return undefined;
  });
}
