import type { SlackSecret } from '../../lambdas/shared/adapters/slack/slack-secret.ts';
import type { SandboxSlack } from './start-slack.ts';

/** The Slack that a sandbox speaks to: its own workspace, or a real one. */
export type SlackOfSandbox = {
  readonly secret: SlackSecret;
  /** The own workspace, where that is used. */
  readonly own?: SandboxSlack;
  readonly app?: SandboxSlack['app'];
  /** Where functions find the Web API; nothing where that is Slack's own address. */
  readonly apiUrl: (edgeUrl: string) => Record<string, string>;
  close(): Promise<void>;
};
