import { expect, test } from 'vitest';
import { MOST_TRIES } from '../../lambdas/events/deliver-webhook/retry-delay.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { template } from '../support/template.ts';
import { templateWithWebhooks, WEBHOOKS } from '../support/with-webhooks.ts';

const DEPLOYMENT = { accountId: '123456789012', region: 'eu-central-1' };
const resolved = () => resolveTemplate(templateWithWebhooks(), DEPLOYMENT);
const ofType = (type: string, resources = templateWithWebhooks().Resources) =>
  Object.values(resources).filter(({ Type }) => Type === type);

/** What a function's role may do: `action on the last part of the resource`. */
function rightsOf(name: string, { roles } = resolved()): string[] {
  const role = roles.find((found) => found.name === `postern-${name}`);
  return (role?.policies ?? [])
    .flatMap(
      ({ document }) => document.Statement as { Action: string | string[]; Resource: string | string[] }[],
    )
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => `${action} ${resource.replace(/^.*[:/](?=[^:/]*$)/, '')}`),
        ),
    )
    .filter((right) => !/^(logs|xray):/.test(right))
    .map((right) => right.replace(/-[0-9a-f]{6}$/, ''))
    .sort();
}

test('who posts to strangers can take from its queue and read its own secret, and nothing else', () => {
  expect(rightsOf('deliver-webhook').filter((right) => !right.startsWith('kms:'))).toEqual([
    'secretsmanager:GetSecretValue webhooks',
    'sqs:ChangeMessageVisibility postern-webhooks.fifo',
    'sqs:DeleteMessage postern-webhooks.fifo',
    'sqs:GetQueueAttributes postern-webhooks.fifo',
    'sqs:ReceiveMessage postern-webhooks.fifo',
  ]);
});

test('who publishes reads rows, notes what it published, and speaks to one topic and one queue', () => {
  expect(rightsOf('publish-events').filter((right) => !right.startsWith('kms:'))).toEqual([
    'dynamodb:GetItem postern_messages',
    'dynamodb:GetItem postern_requests',
    'dynamodb:PutItem postern_messages',
    'sns:Publish postern-events',
    'sqs:SendMessage postern-undelivered',
    'sqs:SendMessage postern-webhooks.fifo',
  ]);
});

test('nobody else may publish to the topic, or touch the queue or the secret', () => {
  const others = resolved().roles.filter(
    ({ name }) => !['postern-publish-events', 'postern-deliver-webhook'].includes(name),
  );
  const text = JSON.stringify(others.map(({ policies }) => policies));
  expect(text).not.toMatch(/postern-events|postern-webhooks|postern\/webhooks/);
});

test('where nobody is told there is no topic, no queue, no secret, no rule, and no right', () => {
  const without = JSON.stringify(template().Resources);
  expect(without).not.toMatch(/postern-events|postern-webhooks|postern\/webhooks|"WEBHOOKS"/);
  const plain = resolveTemplate(template(), DEPLOYMENT);
  expect(rightsOf('deliver-webhook', plain)).toEqual([]);
  expect(rightsOf('publish-events', plain).filter((right) => !right.startsWith('kms:'))).toEqual([
    'sqs:SendMessage postern-undelivered',
  ]);
});

test('deliveries are tried as often as the function counts on, then kept, and raise an alarm', () => {
  const { queues, queueMappings } = resolved();
  expect(queues).toMatchObject([
    { name: 'postern-webhooks-undelivered.fifo' },
    {
      name: 'postern-webhooks.fifo',
      mostReceives: MOST_TRIES,
      deadLetters: 'postern-webhooks-undelivered.fifo',
    },
  ]);
  expect(queueMappings).toMatchObject([{ functionName: 'postern-deliver-webhook' }]);
  const alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties?.AlarmName);
  expect(alarms).toContain('postern-WebhooksUndelivered');
});

test('queue and topic are encrypted, and spoken to over TLS alone', () => {
  const policies = [
    ...ofType('AWS::SQS::QueuePolicy').map(({ Properties }) => JSON.stringify(Properties)),
    ...ofType('AWS::SNS::TopicPolicy').map(({ Properties }) => JSON.stringify(Properties)),
  ].filter((policy) => policy.includes('OutgoingEvents'));
  expect(policies).toHaveLength(3);
  for (const policy of policies) expect(policy).toContain('"aws:SecureTransport":"false"');
  for (const { Properties } of ofType('AWS::SQS::Queue')) expect(Properties).toHaveProperty('KmsMasterKeyId');
  for (const { Properties } of ofType('AWS::SNS::Topic')) expect(Properties).toHaveProperty('KmsMasterKeyId');
});

test('the functions are told the addresses, and no secret', () => {
  for (const name of ['publish-events', 'deliver-webhook']) {
    const env = resolved().functions.find((found) => found.name === `postern-${name}`)?.env;
    expect(JSON.parse(env?.WEBHOOKS ?? '')).toEqual(WEBHOOKS);
    expect(JSON.stringify(env)).not.toContain('whsec_');
    expect(env).not.toHaveProperty('WEBHOOKS_SENT_TO');
  }
});
