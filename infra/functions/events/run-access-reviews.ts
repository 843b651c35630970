import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { appendAudit } from '../../grants/audit-log.ts';
import { items, tableKey } from '../../grants/on-tables.ts';
import { place } from '../../grants/place.ts';
import { readSlackSecret } from '../../grants/secrets.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/**
 * Opens access reviews, records what was decided, reminds, and names what is overdue.
 * INVARIANT: it changes nobody's access, and asks for no change of it.
 */
export const runAccessReviews: FunctionSpec = {
  entry: 'lambdas/events/run-access-reviews/handler.ts',
  memoryMegabytes: 1024,
  timeoutSeconds: 600,
  invokedBy: 'rule',
  grants: (on) => [
    items(on, 'accessReviews', 'GetItem', 'PutItem', 'Query'),
    items(on, 'requests', 'GetItem'),
    items(on, 'principals', 'Scan'),
    items(on, 'policies', 'GetItem'),
    appendAudit(on),
    readSlackSecret(on),
    tableKey(on),
    keepUndelivered(on),
  ],
  variables: (on) => place(on),
  events({ stack, target, undelivered }) {
    new Rule(new Construct(stack, 'RunAccessReviews'), 'Interval', {
      description: 'Postern: opens, follows and ends access reviews',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(target, { deadLetterQueue: undelivered })],
    });
  },
};
