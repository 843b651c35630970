import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { DECIDED_STATUSES } from '../../../lambdas/shared/domain/callback.ts';
import { STATUS_DETAIL, STATUS_SOURCE } from '../../constructs/announce-status.ts';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { items, itemsButTokens, tableKey, tokens } from '../../grants/on-tables.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';
import { completeCallersTasks } from '../../grants/workflows.ts';

/** Tells a caller's workflow that waits on a request how it was decided. */
export const deliverCallback: FunctionSpec = {
  entry: 'lambdas/events/deliver-callback/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 30,
  invokedBy: 'rule',
  grants: (on) => [
    items(on, 'requests', 'GetItem'),
    tokens(on, 'callbacks', 'GetItem', 'DeleteItem'),
    itemsButTokens(on, 'callbacks', 'PutItem'),
    tableKey(on),
    completeCallersTasks(on),
    keepUndelivered(on),
  ],
  events({ stack, target, undelivered, statusBus, settings }) {
    if (settings.callbackStateMachines.length === 0) return;
    // A stream of DynamoDB has room for two readers, and the requests table's has two: so by the bus.
    new Rule(new Construct(stack, 'DeliverCallbacks'), 'Decided', {
      description: 'Postern: requests that are decided, for the workflows that wait on them',
      eventBus: statusBus,
      eventPattern: {
        source: [STATUS_SOURCE],
        detailType: [STATUS_DETAIL],
        detail: { status: [...DECIDED_STATUSES] },
      },
      targets: [
        new LambdaFunction(target, {
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
          deadLetterQueue: undelivered,
        }),
      ],
    });
  },
};
