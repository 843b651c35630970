import { CfnResource } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { makeApp, synthApp, synthTemplate } from '../../infra/app.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import { issuers } from '../support/three-issuers.ts';
import { CHAT, chatIssuers } from '../support/with-chat.ts';
import { WEBHOOKS } from '../support/with-webhooks.ts';

const settings = DEFAULT_SETTINGS;
const CALLBACKS = '{ "callbackStateMachines": ["payments-report"] }';

// `npm test` synthesises these without CloudFormation's rules.
test.each([
  ['of an organisation', { demo: false, settings }],
  ['of an organisation that signs in', { demo: false, settings, issuers }],
  ['of the demo, when there is no stack yet', { demo: true, settings, isFirst: true }],
  ['of the demo, which tests boot from', { demo: true, settings: parseSettings(CALLBACKS) }],
  ['that tells others', { demo: true, settings: { ...settings, webhooks: WEBHOOKS, eventsTopic: true } }],
  ['that has what is done recorded', { demo: true, settings: { ...settings, dataEvents: true } }],
  [
    'of the demo with its chat',
    {
      demo: true,
      settings: { ...settings, chat: { ...CHAT, model: { name: 'a-model' } } },
      issuers: chatIssuers,
    },
  ],
  ['without its streams', { demo: true, settings, streamsOff: true }],
])('CloudFormation’s rules find nothing in the template %s', (_, options) => {
  expect(process.env.CDK_VALIDATION).toBeUndefined();
  expect(Object.keys(synthTemplate(options).Resources as object).length).toBeGreaterThan(100);
});

test('they do find what is wrong', () => {
  const app = makeApp({ demo: false, settings });
  const stack = app.node.findChild('Postern');
  new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'soon' } });
  expect(() => synthApp(app)).toThrow();
});
