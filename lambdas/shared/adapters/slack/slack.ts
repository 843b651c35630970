import { type KnownBlock, type ModalView, WebClient, type WebClientOptions } from '@slack/web-api';
import { ApprovalChannelUnavailable } from '../../domain/errors.ts';
import { escapeSlackText } from '../../domain/text/escape-slack-text.ts';
import { logger } from '../runtime/logger.ts';
import type { MessageRef } from '../tables/approval-messages-table.ts';

/** A message: `text` is what a notification shows, and alone is enough to act on. */
export type SlackMessage = { readonly text: string; readonly blocks: KnownBlock[] };

/**
 * INVARIANT: neither Slack's client nor Bolt logs anything, at any level. They would print whole payloads, a modal's
 * code among them; what is worth knowing is logged by ids, where it happens.
 */
export const silentLogger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as NonNullable<WebClientOptions['logLevel']>,
  setName() {},
};

/**
 * Two tries within a few seconds: a click is to be answered in three, and the workflow tries again by itself.
 * @see https://docs.slack.dev/tools/node-slack-sdk/web-api#automatic-retries
 */
export const slackClientOptions = (apiUrl: string | undefined): WebClientOptions => ({
  ...(apiUrl && { slackApiUrl: apiUrl }),
  logger: silentLogger,
  timeout: 2_500,
  retryConfig: { retries: 1, minTimeout: 200, maxTimeout: 200 },
  rejectRateLimitedCalls: true,
});

/** Answers of Slack's that another try may change. @see https://docs.slack.dev/apis/web-api/rate-limits */
const PASSING: ReadonlySet<unknown> = new Set([
  'ratelimited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Slack's error code (`channel_not_found`), or that of the failed call. Never a message, which may quote the input. */
function failureOf(error: unknown): { code: string; lasting: boolean } {
  const { data, code } = error as { data?: { error?: unknown }; code?: unknown };
  const answered = data?.error;
  return {
    code: String(answered ?? code ?? 'unknown error'),
    lasting: answered !== undefined && !PASSING.has(answered),
  };
}

/**
 * What Postern says in Slack. Every failure is ApprovalChannelUnavailable, which names Slack's error code: the
 * workflow tries again, then goes on to the next tier.
 */
export function makeSlack(deps: { token(): Promise<string>; apiUrl: string | undefined }) {
  let made: { token: string; client: WebClient } | undefined;
  /** One client a token, so that a rotated token is taken up. */
  async function clientNow(): Promise<WebClient> {
    const token = await deps.token();
    if (made?.token !== token)
      made = { token, client: new WebClient(token, slackClientOptions(deps.apiUrl)) };
    return made.client;
  }

  async function call<T>(method: string, run: (client: WebClient) => Promise<T>): Promise<T> {
    const slack = await clientNow();
    try {
      return await run(slack);
    } catch (error) {
      const { code, lasting } = failureOf(error);
      logger.warn('slack refused or failed', { method, code });
      throw new ApprovalChannelUnavailable(`Slack ${method}: ${code}`, { cause: error, lasting });
    }
  }

  return {
    /** Posts in a channel, by its name or id; in a thread where `threadTs` is given. */
    post: (to: { channel: string; threadTs?: string }, message: SlackMessage): Promise<MessageRef> =>
      call('chat.postMessage', async (slack) => {
        const { channel, ts } = await slack.chat.postMessage({
          channel: to.channel,
          ...message,
          ...(to.threadTs && { thread_ts: to.threadTs }),
          unfurl_links: false,
          unfurl_media: false,
        });
        if (!channel || !ts) throw new Error('no message reference');
        return { channel, ts };
      }),

    /** Draws a message anew, in place. */
    update: (ref: MessageRef, message: SlackMessage): Promise<void> =>
      call('chat.update', async (slack) => {
        await slack.chat.update({ ...ref, ...message });
      }),

    remove: (ref: MessageRef): Promise<void> =>
      call('chat.delete', async (slack) => {
        await slack.chat.delete({ ...ref });
      }),

    /** Tells one user something in a channel that nobody else sees there. */
    whisper: (to: { channelId: string; userId: string }, text: string): Promise<void> =>
      call('chat.postEphemeral', async (slack) => {
        await slack.chat.postEphemeral({ channel: to.channelId, user: to.userId, ...plain(text) });
      }),

    /** Tells one user something in a direct message. */
    tell: (userId: string, text: string): Promise<void> =>
      call('conversations.open', async (slack) => {
        const { channel } = await slack.conversations.open({ users: userId });
        await slack.chat.postMessage({ channel: channel?.id ?? userId, ...plain(text) });
      }),

    openModal: (triggerId: string, view: ModalView): Promise<void> =>
      call('views.open', async (slack) => {
        await slack.views.open({ trigger_id: triggerId, view });
      }),

    /** The user of an e-mail address; null where nobody has it, or whoever has it is gone or no person. */
    userOfEmail: (email: string): Promise<string | null> =>
      call('users.lookupByEmail', async (slack) => {
        try {
          const { user } = await slack.users.lookupByEmail({ email });
          return user?.id && !user.deleted && !user.is_bot ? user.id : null;
        } catch (error) {
          if (failureOf(error).code === 'users_not_found') return null;
          throw error;
        }
      }),

    /** The users of a Slack user group. */
    membersOf: (userGroup: string): Promise<string[]> =>
      call('usergroups.users.list', async (slack) => {
        const { users = [] } = await slack.usergroups.users.list({ usergroup: userGroup });
        return users;
      }),
  };
}
export type Slack = ReturnType<typeof makeSlack>;

/** Text that Slack shows as it is: no markup, no mentions, whatever it holds. */
export const plain = (text: string): SlackMessage => ({
  text: escapeSlackText(text),
  blocks: [{ type: 'section', text: { type: 'plain_text', text: text.slice(0, 3000), emoji: false } }],
});
