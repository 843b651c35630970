import type { App, types } from '@slack/bolt';
import type { Target } from '../../lambdas/shared/messages/message-target.ts';
import { answerModal } from '../views/approval-modals.ts';
import { ANOTHER_TEAM, NOT_FINISHED, NOT_OURS } from '../views/vote-answer.ts';
import { type Press, readPress, readSubmission, type Submission } from './read-press.ts';

export type HearingPorts = {
  /** Tells one user something in a channel that nobody else sees there. */
  readonly slack: { whisper(to: { channelId: string; userId: string }, text: string): Promise<void> };
  /** The workspace whose clicks count. */
  readonly teamId: () => Promise<string>;
  /** Ids and codes only. */
  readonly log: (event: string, fields: Record<string, unknown>) => void;
};

/** What a modal turns into: field errors by block, or a text; undefined closes it. */
export type ModalAnswer = { readonly errors: Record<string, string> } | { readonly say: string } | undefined;

type Aimed<T> = Omit<T, 'target'> & { readonly target: Target };

/** Names only: a message may quote what was sent, a code for instance. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Tells the presser something. That it cannot be told undoes nothing. */
export async function say(
  { presser, channelId }: Pick<Press, 'presser' | 'channelId'>,
  text: string,
  ports: HearingPorts,
) {
  try {
    await ports.slack.whisper({ channelId, userId: presser.userId }, text);
  } catch (error) {
    ports.log('presser not told', { userId: presser.userId, error: nameOf(error) });
  }
}

/** Why a press or a modal is not looked at further; undefined where it is. */
async function refusalOf({ presser, target }: Pick<Press, 'presser' | 'target'>, ports: HearingPorts) {
  if (presser.teamId !== (await ports.teamId())) return ANOTHER_TEAM;
  return target ? undefined : NOT_OURS;
}

/** Listens to one button. Slack is answered at once; what comes of it is whispered. */
export function hearPress(
  app: App,
  actionId: string,
  ports: HearingPorts,
  run: (press: Aimed<Press>) => Promise<string | undefined>,
): void {
  app.action(actionId, async ({ ack, body }) => {
    await ack();
    const press = readPress(body);
    const { target } = press;
    const refused = await refusalOf(press, ports);
    if (refused || !target) {
      ports.log('press refused', { actionId, userId: press.presser.userId, teamId: press.presser.teamId });
      return say(press, refused ?? NOT_OURS, ports);
    }
    try {
      const text = await run({ ...press, target });
      if (text) await say(press, text, ports);
    } catch (error) {
      ports.log('press failed', { actionId, requestId: target.requestId, error: nameOf(error) });
      await say(press, NOT_FINISHED, ports);
    }
  });
}

const actionOf = (answer: NonNullable<ModalAnswer>) =>
  'errors' in answer
    ? { response_action: 'errors' as const, errors: answer.errors }
    : { response_action: 'update' as const, view: answerModal(answer.say) satisfies types.ModalView };

/** Listens to one modal. Slack is answered with what came of it, in the modal. */
export function hearSubmission(
  app: App,
  callbackId: string,
  ports: HearingPorts,
  run: (submission: Aimed<Submission>) => Promise<ModalAnswer>,
): void {
  app.view(callbackId, async ({ ack, body }) => {
    const submission = readSubmission(body);
    const { target } = submission;
    const refused = await refusalOf(submission, ports);
    if (refused || !target) {
      ports.log('modal refused', {
        callbackId,
        userId: submission.presser.userId,
        teamId: submission.presser.teamId,
      });
      return ack(actionOf({ say: refused ?? NOT_OURS }));
    }
    let answer: ModalAnswer;
    try {
      answer = await run({ ...submission, target });
    } catch (error) {
      ports.log('modal failed', { callbackId, requestId: target.requestId, error: nameOf(error) });
      answer = { say: NOT_FINISHED };
    }
    await (answer ? ack(actionOf(answer)) : ack());
  });
}
