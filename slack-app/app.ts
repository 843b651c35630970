import { App, type Receiver } from '@slack/bolt';
import { silentLogger } from '../lambdas/shared/adapters/slack/slack.ts';
import { type ApprovingPorts, listenToApprove, listenToNarrow } from './listeners/approve.ts';
import { type CommandPorts, listenToAccess } from './listeners/ask-by-command.ts';
import { type DenyingPorts, listenToDeny } from './listeners/deny.ts';
import { type EndingPorts, listenToRevoke } from './listeners/revoke.ts';
import { listenToDetails } from './listeners/show-details.ts';

/** What all listeners need together; each says beside itself what it needs. Nothing here can mint a session. */
export type SlackAppPorts = ApprovingPorts & DenyingPorts & EndingPorts & CommandPorts;

/** The Slack app: its buttons, modals and command, whatever brings the events. */
export function makeSlackApp(receiver: Receiver, ports: SlackAppPorts): App {
  const app = new App({
    receiver,
    // What the listeners say they say through their ports, with a token of their own.
    authorize: async () => ({}),
    logger: silentLogger,
    tokenVerificationEnabled: false,
    ignoreSelf: false,
  });
  listenToApprove(app, ports);
  listenToNarrow(app, ports);
  listenToDeny(app, ports);
  listenToRevoke(app, ports);
  listenToDetails(app, ports);
  listenToAccess(app, ports);
  app.error(async (error) => ports.log('listener failed', { error: error.name }));
  return app;
}
