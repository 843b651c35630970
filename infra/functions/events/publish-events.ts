import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DECIDED_STATUSES } from '../../../lambdas/shared/domain/callback.ts';
import { STATUS_DETAIL, STATUS_SOURCE } from '../../constructs/announce-status.ts';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { items, tableKey } from '../../grants/on-tables.ts';
import { knowWebhooks, publishToTopic, queueWebhooks } from '../../grants/outgoing.ts';
import { stepFunctionsConsole } from '../../grants/place.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';
import type { Settings } from '../../settings.ts';

/** Whether anybody outside is told of anything. */
const tellsAnybody = ({ eventsTopic, webhooks }: Settings) => eventsTopic || webhooks.length > 0;

/** Hands on what happens to requests that people decide, to those outside who are to be told. */
export const publishEvents: FunctionSpec = {
  entry: 'lambdas/events/publish-events/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 30,
  invokedBy: 'rule',
  grants: (on) => [
    ...(tellsAnybody(on.settings)
      ? [items(on, 'requests', 'GetItem'), items(on, 'messages', 'GetItem', 'PutItem'), tableKey(on)]
      : []),
    knowWebhooks(on),
    publishToTopic(on),
    queueWebhooks(on),
    keepUndelivered(on),
  ],
  variables: stepFunctionsConsole,
  events({ stack, target, undelivered, statusBus, settings }) {
    if (!tellsAnybody(settings)) return;
    new Rule(new Construct(stack, 'PublishEvents'), 'AskedOrDecided', {
      description: 'Postern: requests that people are asked about, or that are decided, for those outside',
      eventBus: statusBus,
      eventPattern: {
        source: [STATUS_SOURCE],
        detailType: [STATUS_DETAIL],
        detail: { status: ['AWAITING_APPROVAL', 'ALLOWED', ...DECIDED_STATUSES] },
      },
      targets: [
        // What is hours old wakes nobody any more.
        new LambdaFunction(target, {
          retryAttempts: 10,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: undelivered,
        }),
      ],
    });
  },
};
