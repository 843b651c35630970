import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

type Props = { readonly archiveAudit: IFunction; readonly audit: Table; readonly undelivered: IQueue };

/** Hands each appended audit record to archive-audit, in the order of its chain. */
export class ArchiveAudit extends Construct {
  constructor(scope: Construct, id: string, { archiveAudit, audit, undelivered }: Props) {
    super(scope, id);
    new EventSourceMapping(this, 'Appended', {
      target: archiveAudit,
      eventSourceArn: audit.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 25,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // A stream keeps records for a day: until then every failure is tried again.
      maxRecordAge: Duration.hours(23),
      onFailure: new SqsDlq(undelivered),
    });
  }
}
