import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { RequestRow } from '../../lambdas/shared/domain/request-row.ts';
import { buttonsOf } from '../../sandbox/slack/act-as-person.ts';
import type { Message } from '../../sandbox/slack/workspace.ts';
import { proposing } from './scripted-reviewer.ts';
import { type Cloud, until } from './start-cloud.ts';

/** The text of a message, its blocks included, as a reader sees it. */
export const shownIn = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? []);

const waits = (row: RequestRow): boolean => ['PENDING', 'AWAITING_APPROVAL'].includes(row.status);

/** What tests do with a cloud and its Slack workspace. */
export function slackOf(cloud: Cloud) {
  const { slack } = cloud;
  if (!slack) throw new Error('the cloud speaks to no Slack of its own');
  let proposed = 900;

  async function rowOf(requestId: string): Promise<RequestRow> {
    const { Item } = await cloud.database.send(
      new GetCommand({ TableName: 'postern_requests', Key: { requestId } }),
    );
    return Item as RequestRow;
  }

  const messagesOf = (channel: string, requestId: string): Message[] =>
    slack.workspace.messagesIn(channel).filter((message) => shownIn(message).includes(requestId));

  return {
    ...slack,
    rowOf,

    /** A duration that no other test proposes, so that its message is its own. */
    ownDuration: (): number => {
      proposed += 1;
      return proposed;
    },

    /** Asks for what takes an approval, and waits until somebody is asked. */
    async ask(as: string, call = 'requests', body: Record<string, unknown> = {}): Promise<string> {
      const { body: asked } = await cloud.as(as)('POST', `/${call}`, {
        reason: 'I need the profile of a customer for the case at hand.',
        ...body,
      });
      const requestId = String(asked.requestId);
      const row = await until(
        () => rowOf(requestId),
        ({ status }) => status !== 'PENDING',
      );
      if (row.status !== 'AWAITING_APPROVAL') throw new Error(`not asked: ${JSON.stringify(row)}`);
      return requestId;
    },

    /** The message about a request in a channel, once it is there. */
    message: async (channel: string, requestId: string): Promise<Message> =>
      (await until(
        async () => messagesOf(channel, requestId)[0],
        (found) => found !== undefined,
      )) as Message,

    /** The first message that still asks for this principal, once it is there. */
    messageFrom: async (channel: string, principalId: string): Promise<Message> =>
      (await until(
        async () =>
          slack.workspace
            .messagesIn(channel)
            .find(
              (message) => message.text.startsWith(`${principalId} wants`) && buttonsOf(message).length > 0,
            ),
        (found) => found !== undefined,
      )) as Message,

    /** The message once it shows this. */
    shows: (channel: string, requestId: string, words: string): Promise<Message | undefined> =>
      until(
        async () => messagesOf(channel, requestId)[0],
        (found) => shownIn(found).includes(words),
      ),

    /** What a person was told privately, once it holds these words. */
    told: (userId: string, words: string): Promise<string> =>
      until(
        async () =>
          [...slack.workspace.whispersTo(userId), ...slack.workspace.messagesIn(userId)]
            .map(({ text }) => text)
            .filter((text) => text.includes(words))
            .join('\n'),
        (text) => text !== '',
      ),

    hasButtons: (message: Message | undefined): boolean =>
      message !== undefined && buttonsOf(message).length > 0,

    ended: (requestId: string): Promise<RequestRow> =>
      until(
        () => rowOf(requestId),
        (row) => !waits(row),
      ),
  };
}
export type SlackOfCloud = ReturnType<typeof slackOf>;

/** Proposes a customer's profile for as long as nobody else does. */
export const proposingProfile = (slack: SlackOfCloud) =>
  proposing('bank_customer_profiles', ['dynamodb:GetItem', 'dynamodb:Query'], {
    durationSeconds: slack.ownDuration(),
  });
