import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { appendAudit } from '../../grants/audit-log.ts';
import { index, items, tableKey } from '../../grants/on-tables.ts';
import { pagePeople } from '../../grants/page-people.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';
import { describeRequests } from '../../grants/workflows.ts';

/** Closes the request of an execution that ended abnormally; a schedule finds those whose event got lost. */
export const closeRequest: FunctionSpec = {
  entry: 'lambdas/events/close-request/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 60,
  invokedBy: 'rule',
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    index(on, 'requests', 'byOpen'),
    appendAudit(on),
    pagePeople(),
    tableKey(on),
    describeRequests(on),
    keepUndelivered(on),
  ],
  events({ stack, target, undelivered, requestsMachine }) {
    const scope = new Construct(stack, 'CloseOnEvents');
    const targets = [new LambdaFunction(target, { retryAttempts: 10, deadLetterQueue: undelivered })];
    new Rule(scope, 'AbnormalEnd', {
      description: 'Postern: executions that ended without closing their request',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [requestsMachine.stateMachineArn],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets,
    });
    new Rule(scope, 'Sweep', {
      description: 'Postern: what status events missed',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets,
    });
  },
};
