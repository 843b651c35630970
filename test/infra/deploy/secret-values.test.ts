import { expect, test } from 'vitest';
import { nextSteps } from '../../../infra/deploy/next-steps.ts';
import { secretValues } from '../../../infra/deploy/secret-values.ts';
import { DEFAULT_SETTINGS } from '../../../infra/settings.ts';
import { parseIssuers } from '../../../lambdas/shared/adapters/config/read-issuers.ts';
import { synthOnce } from '../../support/synth-once.ts';
import { template } from '../../support/template.ts';
import { CHAT, chatIssuers } from '../../support/with-chat.ts';
import { WEBHOOKS } from '../../support/with-webhooks.ts';
import { lineOf } from './fake-account.ts';

const names = ['postern/openai', 'postern/slack'];
const there = async () => true;
const absent = async () => false;
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'signing', SLACK_TEAM_ID: 'T0BANK' };

test('values that the environment gives are put in after the deployment', async () => {
  const values = await secretValues(names, { OPENAI_API_KEY: 'sk-test', ...SLACK }, absent);
  expect(Object.fromEntries(values)).toEqual({
    'postern/openai': 'sk-test',
    'postern/slack': JSON.stringify({ botToken: 'xoxb-1', signingSecret: 'signing', teamId: 'T0BANK' }),
  });
});

test('values that are there already stay as they are', async () => {
  expect((await secretValues(names, {}, there)).size).toBe(0);
});

test.each([
  [
    'none at all',
    {},
    absent,
    'the secret postern/openai has no value: set OPENAI_API_KEY for this deployment',
  ],
  [
    'an empty one',
    { OPENAI_API_KEY: '' },
    absent,
    'the secret postern/openai has no value: set OPENAI_API_KEY for this deployment',
  ],
  [
    'a part of one, even where it is there',
    { ...SLACK, SLACK_TEAM_ID: '' },
    there,
    'the secret postern/slack has no value: set SLACK_TEAM_ID for this deployment',
  ],
])('%s stops it', async (_, env, isThere, line) => {
  expect(await lineOf(secretValues(names, env, isThere))).toBe(line);
});

const everything = () =>
  synthOnce({
    demo: true,
    settings: {
      ...DEFAULT_SETTINGS,
      webhooks: WEBHOOKS,
      scim: true,
      console: { issuer: 'login', clientId: 'pages', scope: 'openid' },
      chat: { ...CHAT, model: { name: 'a-model' } },
    },
    issuers: parseIssuers(
      JSON.stringify({
        version: 1,
        issuers: [
          ...chatIssuers.issuers,
          {
            name: 'login',
            issuer: 'https://login.bank.example',
            signIn: { audiences: ['postern'] },
            consoleClients: ['pages'],
          },
        ],
      }),
    ),
  });

test.each([
  ['the template', template],
  ['one with everything that can be set', everything],
])('every secret of %s gets its value in a way that is known', async (_, made) => {
  const declared = Object.values(made().Resources)
    .filter(({ Type }) => Type === 'AWS::SecretsManager::Secret')
    .map(({ Properties }) => String(Properties?.Name));
  expect(declared.length).toBeGreaterThan(0);
  await expect(secretValues(declared, {}, there)).resolves.toBeDefined();
});

test('after a deployment, the API, the Slack request URL and the next step are told', () => {
  const ApiUrl = 'https://abc.execute-api.eu-central-1.amazonaws.com/api/';
  const lines = nextSteps({ ApiUrl }, true).join('\n');
  for (const told of [`API: ${ApiUrl}`, `${ApiUrl}slack/events`, 'npm run bootstrap -- --demo'])
    expect(lines).toContain(told);
});
