import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

type Props = { readonly signHeads: IFunction; readonly undelivered: IQueue };

/** Signs where the audit chains end, at intervals: a tail that is cut within one is the most that stays unseen. */
export class SignHeads extends Construct {
  constructor(scope: Construct, id: string, { signHeads, undelivered }: Props) {
    super(scope, id);
    new Rule(this, 'Interval', {
      description: 'Postern: signs the heads of the audit chains',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(signHeads, { deadLetterQueue: undelivered })],
    });
  }
}
