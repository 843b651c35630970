import { randomBytes } from 'node:crypto';
import { SocketModeClient } from '@slack/socket-mode';
import { callApp } from './call-app.ts';

/** As much of what Socket Mode delivers as is passed on. */
type Delivery = {
  readonly type: string;
  readonly body: Record<string, unknown>;
  ack(response?: Record<string, unknown>): Promise<void>;
};

/** The body that Slack would have sent over HTTP. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
const formOf = ({ type, body }: Delivery): Record<string, string> =>
  type === 'slash_commands'
    ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    : { payload: JSON.stringify(body) };

/**
 * Hands what a real workspace delivers by Socket Mode to the app as Slack would over HTTP, signed with a secret
 * of this run: the app is the deployed one, and needs no public address.
 */
export async function bridgeSocket({ appToken, requestUrl }: { appToken: string; requestUrl: () => string }) {
  const signingSecret = randomBytes(16).toString('hex');
  const socket = new SocketModeClient({ appToken });
  socket.on('slack_event', async (delivery: Delivery) => {
    if (delivery.type !== 'interactive' && delivery.type !== 'slash_commands') return delivery.ack();
    const { body } = await callApp(requestUrl(), signingSecret, formOf(delivery));
    await delivery.ack(
      typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined,
    );
  });
  await socket.start();
  return {
    signingSecret,
    close: async (): Promise<void> => {
      await socket.disconnect();
    },
  };
}
