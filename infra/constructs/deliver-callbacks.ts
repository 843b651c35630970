import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DECIDED_STATUSES } from '../../lambdas/shared/domain/callback.ts';
import { STATUS_DETAIL, STATUS_SOURCE } from './announce-status.ts';

type Props = {
  readonly bus: EventBus;
  readonly deliverCallback: IFunction;
  readonly undelivered: IQueue;
};

/**
 * Calls deliver-callback for each request that is decided. It hears of them from the bus: a stream of DynamoDB
 * has room for two readers, and the requests table's has two.
 */
export class DeliverCallbacks extends Construct {
  constructor(scope: Construct, id: string, { bus, deliverCallback, undelivered }: Props) {
    super(scope, id);
    new Rule(this, 'Decided', {
      description: 'Postern: requests that are decided, for the workflows that wait on them',
      eventBus: bus,
      eventPattern: {
        source: [STATUS_SOURCE],
        detailType: [STATUS_DETAIL],
        detail: { status: [...DECIDED_STATUSES] },
      },
      targets: [
        new LambdaFunction(deliverCallback, {
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
          deadLetterQueue: undelivered,
        }),
      ],
    });
  }
}
