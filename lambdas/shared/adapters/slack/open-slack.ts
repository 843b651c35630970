import { requiredEnv } from '../runtime/environment.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { makeSlack } from './slack.ts';
import { makeSlackSecret } from './slack-secret.ts';

/** The Slack app that the environment names, and its secrets. Each is read when it is first needed. */
export function openSlack(secrets: Secrets) {
  const slackSecret = makeSlackSecret({ secrets, secretId: requiredEnv('SLACK_SECRET_ID') });
  const slack = makeSlack({
    token: async () => (await slackSecret()).botToken,
    apiUrl: process.env.SLACK_API_URL,
  });
  return { slack, slackSecret };
}
