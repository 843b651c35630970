import { secretsClient, sqsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../shared/adapters/runtime/secrets.ts';
import { makePostWebhook } from '../../shared/adapters/webhooks/post-webhook.ts';
import { readWebhooks } from '../../shared/adapters/webhooks/read-webhooks.ts';
import { makeSignWebhook } from '../../shared/adapters/webhooks/sign-webhook.ts';
import { makeWebhookQueue } from '../../shared/adapters/webhooks/webhook-queue.ts';
import { makeDeliverWebhook } from './deliver-webhook.ts';

export const handler = runStep('deliver-webhook', () => {
  const clock = () => new Date();
  return makeDeliverWebhook({
    webhooks: readWebhooks(),
    sign: makeSignWebhook({
      secrets: makeSecrets({ client: secretsClient(), clock }),
      secretId: () => requiredEnv('WEBHOOKS_SECRET_ID'),
    }),
    post: makePostWebhook({ sentTo: process.env.WEBHOOKS_SENT_TO }),
    queue: makeWebhookQueue({ client: sqsClient(), queueUrl: () => requiredEnv('WEBHOOKS_QUEUE_URL') }),
    clock,
    log: (fields) => logger.info('webhook delivered', fields),
    warn: (fields) => logger.warn('webhook not delivered', fields),
  });
});
