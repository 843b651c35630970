import { setTimeout as pause } from 'node:timers/promises';
import { documentClient, snsClient, sqsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { makePager } from '../../shared/adapters/runtime/pager.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makePublishedEvents } from '../../shared/adapters/tables/published-events.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { readWebhooks } from '../../shared/adapters/webhooks/read-webhooks.ts';
import { makeWebhookQueue } from '../../shared/adapters/webhooks/webhook-queue.ts';
import { readWording } from '../../shared/messages/read-wording.ts';
import { makePublishEvents } from './publish-events.ts';

/** Milliseconds in which a window's approval is counted, so that nobody is woken for it. */
const SETTLE_MS = 2_000;

export const handler = runStep('publish-events', () => {
  const client = documentClient();
  const clock = () => new Date();
  const page = makePager({ client: snsClient() });
  const { EVENTS_TOPIC_ARN: topicArn, CONSOLE_URL: consoleUrl } = process.env;
  return makePublishEvents({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    published: makePublishedEvents({ client, tableName: requiredEnv('MESSAGES_TABLE'), clock }),
    webhooks: readWebhooks(),
    queue: makeWebhookQueue({ client: sqsClient(), queueUrl: () => requiredEnv('WEBHOOKS_QUEUE_URL') }),
    tellTopic: topicArn
      ? ({ id, type, body }) =>
          page(topicArn, { subject: `Postern: ${type}`, text: body, attributes: { id, type } })
      : undefined,
    wording: readWording,
    consoleUrl,
    settle: () => pause(SETTLE_MS),
    log: (fields) => logger.info('event published', fields),
  });
});
