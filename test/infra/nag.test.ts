import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { makeApp } from '../../infra/app.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { parseIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import { CHAT, chatIssuers } from '../support/with-chat.ts';
import { WEBHOOKS } from '../support/with-webhooks.ts';

const settings = {
  ...DEFAULT_SETTINGS,
  webhooks: WEBHOOKS,
  eventsTopic: true,
  scim: true,
  console: { issuer: 'login', clientId: 'pages', scope: 'openid' },
  chat: { ...CHAT, model: { name: 'a-model' } },
};
const issuers = parseIssuers(
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
);
const app = makeApp({ demo: true, settings, issuers });
app.synth();

test.each([
  ['AwsSolutions', new AwsSolutionsChecks()],
  ['Serverless', new ServerlessChecks()],
])('cdk-nag %s finds nothing that is not justified beside its construct', (_, pack) => {
  const { violations } = pack.validateScope(app);
  const findings = violations.map(({ ruleName, violatingResources }) => [
    ruleName,
    violatingResources.map((found) => found.constructPath),
  ]);
  expect(findings).toEqual([]);
});
