import { randomBytes } from 'node:crypto';
import { SocketModeClient } from '@slack/socket-mode';
import { slackClientOptions } from '../../lambdas/shared/adapters/slack/slack.ts';
import { callApp } from './call-app.ts';
import { keepConnected } from './keep-connected.ts';

/** What an acknowledgement carries: an answer's object, or a command's plain text. */
type Answer = Record<string, unknown> | string;

/** As much of what Socket Mode delivers as is passed on. */
type Delivery = {
  readonly type: string;
  readonly body: Record<string, unknown>;
  ack(answer?: Answer): Promise<void>;
};

type Options = {
  readonly appToken: string;
  /** Where the Web API is that tells the socket's address; undefined for Slack's own. */
  readonly apiUrl: string | undefined;
  /** Where the app hears of what people do. */
  readonly requestUrl: () => string;
  /** Hears of what the app did not take, or Slack not hear the answer to. */
  readonly onLost: (what: string) => void;
};

/** The body that Slack would have sent over HTTP. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
const formOf = ({ type, body }: Delivery): Record<string, string> =>
  type === 'slash_commands'
    ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    : { payload: JSON.stringify(body) };

/** The answer in an HTTP body; an empty one is none. */
const answerIn = (body: unknown): Answer | undefined =>
  typeof body === 'object' && body !== null
    ? (body as Record<string, unknown>)
    : String(body ?? '') || undefined;

/**
 * Hands what a real workspace delivers by Socket Mode to the app as Slack would over HTTP, signed with a secret
 * of this run: the app is the deployed one, and needs no public address. What the app does not take is not
 * acknowledged: Slack then delivers it once more, or tells the person that it did not work.
 */
export async function bridgeSocket({ appToken, apiUrl, requestUrl, onLost }: Options) {
  const signingSecret = randomBytes(16).toString('hex');
  const socket = new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    clientOptions: slackClientOptions(apiUrl),
  });

  async function handOver(delivery: Delivery): Promise<void> {
    if (delivery.type !== 'interactive' && delivery.type !== 'slash_commands') return delivery.ack();
    const { status, body } = await callApp(requestUrl(), signingSecret, formOf(delivery));
    if (status !== 200)
      throw new Error(status === 0 ? 'the app did not answer' : `the app answered ${status}`);
    await delivery.ack(answerIn(body));
  }

  socket.on('slack_event', (delivery: Delivery) => {
    handOver(delivery).catch(({ message }: Error) => onLost(`${delivery.type}: ${message}`));
  });
  const { close } = await keepConnected(socket);
  return { signingSecret, close };
}
