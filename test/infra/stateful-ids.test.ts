import { expect, test } from 'vitest';
import { makeApp } from '../../infra/app.ts';
import { DEFAULT_SETTINGS } from '../../infra/settings.ts';
import { WEBHOOKS } from '../support/with-webhooks.ts';

/** What loses something when CloudFormation replaces it: data, keys, messages, logs, or the place in a stream. */
const STATEFUL = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
];

test('what holds state keeps its logical id: under another, CloudFormation would make it anew and empty', async () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    dataEvents: true,
    webhooks: WEBHOOKS,
    eventsTopic: true,
    scim: true,
  };
  const app = makeApp({ demo: true, settings });
  const { Resources } = app.synth().getStackByName('Postern').template as {
    Resources: Record<string, { Type: string }>;
  };
  const lines = Object.entries(Resources)
    .filter(([, { Type }]) => STATEFUL.includes(Type))
    .map(([id, { Type }]) => `${Type} ${id}`)
    .sort();
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../cases/infra/stateful-ids.txt');
});
