import type { App } from '@slack/bolt';
import { type FactsPorts, readFacts } from '../../lambdas/shared/messages/draw-message.ts';
import { detailsModal } from '../views/approval-modals.ts';
import { voteAnswer } from '../views/vote-answer.ts';
import { type HearingPorts, hearPress } from './hear.ts';
import type { OpenModal } from './open-modal.ts';

/** Details: everything that a decision rests on. Whoever sees the message may see them. */
export function listenToDetails(app: App, ports: HearingPorts & FactsPorts & OpenModal): void {
  hearPress(app, 'details', ports, async ({ target, triggerId }) => {
    const facts = await readFacts({ requestIds: [target.requestId], tier: target.tier }, ports);
    if (!facts) return voteAnswer({ kind: 'unknown_request' }, ports.wording());
    await ports.slack.openModal(triggerId, detailsModal(facts));
    return undefined;
  });
}
