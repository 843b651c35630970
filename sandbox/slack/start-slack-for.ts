import { WebClient } from '@slack/web-api';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { slackClientOptions } from '../../lambdas/shared/adapters/slack/slack.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { bridgeSocket } from './bridge-socket.ts';
import type { SlackOfSandbox } from './slack-of-sandbox.ts';
import { slackPeople } from './slack-people.ts';
import { startSlack } from './start-slack.ts';

/**
 * With SLACK_BOT_TOKEN and SLACK_APP_TOKEN set, a real workspace by Socket Mode, at SLACK_API_URL where that is not
 * Slack's own address; else the sandbox's own. One token without the other is a ConfigError, not a silent fallback.
 */
export async function startSlackFor(
  { env, configDir, logs }: Pick<EdgeOptions, 'env' | 'configDir' | 'logs'>,
  requestUrl: () => string,
): Promise<SlackOfSandbox> {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken } = env;
  if (Boolean(botToken) !== Boolean(appToken)) {
    const problem = 'set both SLACK_BOT_TOKEN and SLACK_APP_TOKEN for a real workspace, or neither';
    throw new ConfigError('environment', undefined, problem);
  }
  if (botToken && appToken) {
    const apiUrl = env.SLACK_API_URL || undefined;
    const { team_id: teamId } = await new WebClient(botToken, slackClientOptions(apiUrl)).auth.test();
    const bridge = await bridgeSocket({
      appToken,
      apiUrl,
      requestUrl,
      onLost: (text) => logs.add({ functionName: 'socket-mode', loggedAtMs: Date.now(), text }),
    });
    return {
      secret: { botToken, signingSecret: bridge.signingSecret, teamId: teamId ?? '' },
      apiUrl: () => ({ ...(apiUrl && { SLACK_API_URL: apiUrl }) }),
      close: bridge.close,
    };
  }
  const { approvals } = readConfigFiles(configDir);
  const own = startSlack({
    people: slackPeople(),
    channelNames: approvals.tiers.map(({ channel }) => channel),
    requestUrl,
  });
  return {
    secret: own.secret,
    own,
    app: own.app,
    apiUrl: (edgeUrl) => ({ SLACK_API_URL: `${edgeUrl}/slack/api/` }),
    async close() {},
  };
}
