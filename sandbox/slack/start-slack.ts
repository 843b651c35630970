import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { type Entered, makePeople } from './act-as-person.ts';
import { makeSlackPage } from './serve-page.ts';
import { type Fault, makeWebApi } from './serve-web-api.ts';
import { type Message, makeWorkspace, type Person, TEAM_ID } from './workspace.ts';

type Options = {
  readonly people: readonly Person[];
  readonly channelNames: readonly string[];
  /** Where the app hears of what people do. */
  readonly requestUrl: () => string;
};

/**
 * A Slack workspace on this machine: the Web API that the app calls, the page at /slack, and for tests what
 * people do there. Its secrets are made anew at each start: nothing outlives it that they would open.
 */
export function startSlack({ people, channelNames, requestUrl }: Options) {
  const workspace = makeWorkspace({ people, channelNames });
  const secret = {
    botToken: `xoxb-${randomBytes(24).toString('hex')}`,
    signingSecret: randomBytes(16).toString('hex'),
    teamId: TEAM_ID,
  };
  const authenticators = new Map<string, () => string>();
  const faults = new Map<string, Fault>();
  const acting = makePeople(workspace, { requestUrl, signingSecret: secret.signingSecret });
  const app = new Hono()
    .route('/api', makeWebApi(workspace, secret.botToken, faults))
    .route(
      '/',
      makeSlackPage({ workspace, people: acting, codeOf: (userId) => authenticators.get(userId)?.() }),
    );

  return {
    app,
    secret,
    requestUrl,
    workspace,
    /** Presses a button of a message, as a person. */
    click: (userId: string, message: Message, actionId: string) => acting.click(userId, message, actionId),
    /** Sends the person's open modal off. */
    submit: (userId: string, entered?: Entered) => acting.submit(userId, entered),
    /** Types a command, in the person's direct messages by default. */
    command: (userId: string, command: string, text: string, channel?: string) =>
      acting.command(userId, command, text, channel),
    /** Shows a demo person the codes of their authenticator: nobody here has a phone to enrol. */
    lendAuthenticator: (userId: string, code: () => string): void => {
      authenticators.set(userId, code);
    },
    /** Lets a method (`*`: every one) answer an error: `ratelimited`, `internal_error`, `channel_not_found`, … */
    fail(
      method: string,
      error: string,
      {
        times = Number.POSITIVE_INFINITY,
        channel,
        inThread,
      }: Partial<Pick<Fault, 'times' | 'channel' | 'inThread'>> = {},
    ): void {
      faults.set(method, { error, times, channel, inThread });
    },
    /** Ends all such failures. */
    heal: (): void => faults.clear(),
  };
}
export type SandboxSlack = ReturnType<typeof startSlack>;
