import * as z from 'zod';
import { escapeSlackText } from '../../lambdas/shared/domain/text/escape-slack-text.ts';
import { type AppAnswer, callApp } from './call-app.ts';
import type { Button, InputBlock } from './check-blocks.ts';
import type { OpenView } from './modals.ts';
import { type Message, TEAM_ID, type Workspace } from './workspace.ts';

/** What is entered in a modal, by block: a text, or the values that are chosen. */
export type Entered = Readonly<Record<string, string | readonly string[]>>;

const FAILED = 'Postern did not answer. Slack would show: “We had some trouble connecting. Try again?”';

const modalAnswerSchema = z.union([
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);
const commandAnswerSchema = z.object({ text: z.string().optional(), blocks: z.unknown().optional() });

/** The state of one input, as Slack sends it. */
function stateOf({ element }: InputBlock, entered: string | readonly string[] | undefined) {
  switch (element.type) {
    case 'plain_text_input':
      return { type: element.type, value: typeof entered === 'string' && entered !== '' ? entered : null };
    case 'checkboxes': {
      const values =
        entered === undefined ? element.initial_options?.map(({ value }) => value) : [entered].flat();
      return {
        type: element.type,
        selected_options: element.options.filter(({ value }) => values?.includes(value)),
      };
    }
    case 'static_select': {
      const value = entered === undefined ? element.initial_option?.value : String(entered);
      return {
        type: element.type,
        selected_option: element.options.find((option) => option.value === value) ?? null,
      };
    }
  }
}

/** What Slack's own client refuses before it sends anything. */
function refusedByClient({ element, optional }: InputBlock, entered: string | readonly string[] | undefined) {
  if (element.type !== 'plain_text_input') return undefined;
  const text = typeof entered === 'string' ? entered : '';
  if (text === '') return optional ? undefined : 'Fill in this field.';
  const { min_length: least = 0, max_length: most = 3000 } = element;
  if (text.length < least) return `Enter at least ${least} characters.`;
  return text.length > most ? `Enter at most ${most} characters.` : undefined;
}

/**
 * What people do in the workspace, sent to the app as Slack sends it. Each answers once the app has.
 * @see https://docs.slack.dev/reference/interaction-payloads
 */
export function makePeople(workspace: Workspace, app: { requestUrl: () => string; signingSecret: string }) {
  const send = (form: Record<string, string>) => callApp(app.requestUrl(), app.signingSecret, form);
  const userOf = (userId: string) => ({ id: userId, username: userId.toLowerCase(), team_id: TEAM_ID });
  const common = (userId: string) => ({
    user: userOf(userId),
    team: { id: TEAM_ID, domain: 'bank' },
    api_app_id: 'A0POSTERN',
  });

  return {
    /** Presses a button of a message; a confirmation counts as given. Throws where there is no such button. */
    async click(userId: string, message: Message, actionId: string): Promise<AppAnswer> {
      const button = buttonsOf(message).find(({ action_id }) => action_id === actionId);
      if (!button) throw new Error(`the message has no button ${actionId}`);
      const channel = workspace.channelOf(message.channel);
      const answer = await send({
        payload: JSON.stringify({
          type: 'block_actions',
          ...common(userId),
          container: { type: 'message', message_ts: message.ts, channel_id: channel.id },
          trigger_id: workspace.trigger(userId),
          channel: { id: channel.id, name: channel.name.replace(/^#/, '') },
          message: { type: 'message', ts: message.ts, text: message.text },
          actions: [
            {
              type: 'button',
              action_id: actionId,
              block_id: 'decide',
              value: button.value ?? '',
              text: button.text,
            },
          ],
        }),
      });
      if (answer.status !== 200) workspace.whisper(channel.id, userId, { text: FAILED });
      return answer;
    },

    /** Sends the person's open modal off. Throws where none is open. */
    async submit(userId: string, entered: Entered = {}): Promise<AppAnswer> {
      const open = workspace.viewOf(userId);
      if (!open) throw new Error(`${userId} has no modal open`);
      const inputs = inputsOf(open);
      const refused = inputs.flatMap((input): [string, string][] => {
        const why = refusedByClient(input, entered[input.block_id]);
        return why ? [[input.block_id, why]] : [];
      });
      if (refused.length > 0) {
        workspace.showErrors(userId, Object.fromEntries(refused));
        return { status: 0, body: Object.fromEntries(refused) };
      }
      const values = inputs.map((input) => [
        input.block_id,
        { [input.element.action_id]: stateOf(input, entered[input.block_id]) },
      ]);
      const answer = await send({
        payload: JSON.stringify({
          type: 'view_submission',
          ...common(userId),
          trigger_id: workspace.trigger(userId),
          view: { ...open.view, id: open.id, hash: open.hash, state: { values: Object.fromEntries(values) } },
        }),
      });
      settle(open, answer);
      return answer;
    },

    /** Types a command in a channel. Slack sends `&`, `<` and `>` as entities. */
    async command(userId: string, command: string, text: string, channel = userId): Promise<AppAnswer> {
      const { id, name } = workspace.channelOf(channel);
      const answer = await send({
        team_id: TEAM_ID,
        team_domain: 'bank',
        channel_id: id,
        channel_name: name.replace(/^#/, ''),
        user_id: userId,
        user_name: userId.toLowerCase(),
        command,
        text: escapeSlackText(text),
        api_app_id: 'A0POSTERN',
        trigger_id: workspace.trigger(userId),
      });
      const said = commandAnswerSchema.safeParse(answer.body);
      const isSaid = answer.status === 200 && said.success && (said.data.text || said.data.blocks);
      if (isSaid) workspace.whisper(id, userId, said.data);
      else if (answer.status !== 200) workspace.whisper(id, userId, { text: FAILED });
      return answer;
    },
  };

  function settle(open: OpenView, answer: AppAnswer): void {
    const { userId } = open;
    const parsed = modalAnswerSchema.safeParse(answer.body);
    if (answer.status !== 200) {
      const [first] = inputsOf(open);
      workspace.showErrors(userId, { [first?.block_id ?? '']: FAILED });
    } else if (!parsed.success || parsed.data.response_action === 'clear') workspace.closeView(userId);
    else if (parsed.data.response_action === 'errors') workspace.showErrors(userId, parsed.data.errors);
    else workspace.updateView(open.id, parsed.data.view);
  }
}

export const buttonsOf = (message: Message): Button[] =>
  message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

export const inputsOf = ({ view }: OpenView): InputBlock[] =>
  view.blocks.flatMap((block) => (block.type === 'input' ? [block] : []));
