import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';
import { useKeyThrough } from './use-key.ts';

const NOTHING: Grant = { statements: [], variables: {} };

/** Tells which webhooks there are. */
export const knowWebhooks = ({ settings }: Resources): Grant => ({
  statements: [],
  variables: settings.webhooks.length > 0 ? { WEBHOOKS: JSON.stringify(settings.webhooks) } : {},
});

/** Publishes to the topic of events, where there is one. */
export function publishToTopic({ outgoing: { topic }, keys }: Resources): Grant {
  if (!topic) return NOTHING;
  return {
    statements: [
      allow(['sns:Publish'], topic.topicArn),
      useKeyThrough('sns', keys.messages, 'kms:Decrypt', 'kms:GenerateDataKey'),
    ],
    variables: { EVENTS_TOPIC_ARN: topic.topicArn },
  };
}

/** Adds to the queue for webhooks, where there is one. */
export function queueWebhooks({ outgoing: { webhooks }, keys }: Resources): Grant {
  if (!webhooks) return NOTHING;
  return {
    statements: [
      allow(['sqs:SendMessage'], webhooks.queue.queueArn),
      useKeyThrough('sqs', keys.messages, 'kms:Decrypt', 'kms:GenerateDataKey'),
    ],
    variables: { WEBHOOKS_QUEUE_URL: webhooks.queue.queueUrl },
  };
}

/** Takes from the queue for webhooks, and puts off what could not be delivered. */
export function takeWebhooks({ outgoing: { webhooks }, keys }: Resources): Grant {
  if (!webhooks) return NOTHING;
  return {
    statements: [
      allow(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        webhooks.queue.queueArn,
      ),
      useKeyThrough('sqs', keys.messages, 'kms:Decrypt'),
    ],
    variables: { WEBHOOKS_QUEUE_URL: webhooks.queue.queueUrl },
  };
}
