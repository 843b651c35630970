import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

type Props = { readonly tellSuspension: IFunction; readonly usage: Table; readonly undelivered: IQueue };

/** Hands each write of a usage row that holds a suspension to tell-suspension, which tells of it once. */
export class TellSuspension extends Construct {
  constructor(scope: Construct, id: string, { tellSuspension, usage, undelivered }: Props) {
    super(scope, id);
    new EventSourceMapping(this, 'Changed', {
      target: tellSuspension,
      eventSourceArn: usage.tableStreamArn ?? '',
      startingPosition: StartingPosition.LATEST,
      batchSize: 10,
      filters: [
        FilterCriteria.filter({
          dynamodb: { NewImage: { suspension: { M: { until: { S: FilterRule.exists() } } } } },
        }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Told later, a suspension may be over; the audit log has it.
      maxRecordAge: Duration.hours(1),
      retryAttempts: 20,
      onFailure: new SqsDlq(undelivered),
    });
  }
}
