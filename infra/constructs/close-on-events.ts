import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Workflow } from './workflow.ts';

type Props = { closeRequest: IFunction; workflow: Workflow; undelivered: IQueue };

/** Calls close-request for each abnormal end, and on a schedule for those whose event got lost. */
export class CloseOnEvents extends Construct {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const target = new LambdaFunction(props.closeRequest, {
      retryAttempts: 10,
      deadLetterQueue: props.undelivered,
    });
    new Rule(this, 'AbnormalEnd', {
      description: 'Postern: executions that ended without closing their request',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [props.workflow.stateMachine.stateMachineArn],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [target],
    });
    new Rule(this, 'Sweep', {
      description: 'Postern: what status events missed',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [target],
    });
  }
}
