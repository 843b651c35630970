import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { makeResponsesApi } from '../../../sandbox/reviewer/serve-responses.ts';
import { slackPeople } from '../../../sandbox/slack/slack-people.ts';
import { startSlack } from '../../../sandbox/slack/start-slack.ts';

const TOKEN = 'a-sign-in-token';

/**
 * What the deployed functions reach beyond AWS, on a free port of this machine: the offline reviewer, a Slack workspace,
 * and a sign-in endpoint that gives a token to whoever asks. `slackUrl` is where Slack finds the app once it is deployed.
 */
export async function startOutside(slackUrl: () => string) {
  const { approvals } = readConfigFiles();
  const slack = startSlack({
    people: slackPeople(),
    channelNames: approvals.tiers.map(({ channel }) => channel),
    requestUrl: slackUrl,
  });
  const app = new Hono()
    .route('/v1', makeResponsesApi())
    .route('/slack', slack.app)
    .get('/federation', (c) => {
      const { Action, SigninToken } = c.req.query();
      if (Action === 'getSigninToken') return c.json({ SigninToken: TOKEN });
      return SigninToken === TOKEN ? c.text('signed in') : c.text('refused', 400);
    });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('it has no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    slack,
    slackApiUrl: `${url}/slack/api/`,
    /** Where each host of the internet is found here. */
    hosts: { 'api.openai.com': url, 'signin.aws.amazon.com': url },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
export type Outside = Awaited<ReturnType<typeof startOutside>>;
