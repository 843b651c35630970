import { setTimeout as sleep } from 'node:timers/promises';
import { buttonsOf } from '../../sandbox/slack/act-as-person.ts';
import type { SlackOfCloud } from '../support/slack-of-cloud.ts';

const PAUSE_MS = 50;

/** Approves whatever is asked in a channel, once each message, again where the app did not answer, until it is ended. */
export function approveAll(slack: Pick<SlackOfCloud, 'workspace' | 'click'>, channel: string) {
  const approved = new Set<string>();
  let ended = false;
  const working = (async () => {
    while (!ended) {
      for (const message of slack.workspace.messagesIn(channel)) {
        if (approved.has(message.ts) || buttonsOf(message).length === 0) continue;
        const answer = await slack.click('U0APPROVER1', message, 'approve').catch(() => undefined);
        if (answer?.status === 200) approved.add(message.ts);
      }
      await sleep(PAUSE_MS);
    }
  })();
  return async (): Promise<void> => {
    ended = true;
    await working;
  };
}
