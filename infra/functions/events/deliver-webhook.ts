import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { knowWebhooks, takeWebhooks } from '../../grants/outgoing.ts';
import { readWebhookSecrets } from '../../grants/secrets.ts';
import { justify } from '../../justify.ts';

/** Webhooks that are posted to at the same time. */
const MOST_AT_ONCE = 10;

/** Posts to webhooks what waits for them. It talks to strangers: it can read no table, and wake nothing. */
export const deliverWebhook: FunctionSpec = {
  entry: 'lambdas/events/deliver-webhook/handler.ts',
  memoryMegabytes: 256,
  timeoutSeconds: 30,
  invokedBy: 'queue',
  grants: (on) => [knowWebhooks(on), takeWebhooks(on), readWebhookSecrets(on)],
  events({ stack, target, outgoing: { webhooks } }) {
    if (!webhooks) return;
    const waiting = new EventSourceMapping(new Construct(stack, 'DeliverWebhooks'), 'Waiting', {
      target,
      eventSourceArn: webhooks.queue.queueArn,
      batchSize: 1,
      maxConcurrency: MOST_AT_ONCE,
      reportBatchItemFailures: true,
    });
    justify(
      waiting,
      'Serverless-LambdaEventSourceMappingDestination',
      'A queue takes no destination: it sends what fails to its own dead letters.',
    );
  },
};
