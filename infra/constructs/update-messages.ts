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

type Props = { readonly updateMessages: IFunction; readonly requests: Table; readonly undelivered: IQueue };

/** Hands each change of a row that Slack shows to update-messages, in order per request. */
export class UpdateMessages extends Construct {
  constructor(scope: Construct, id: string, { updateMessages, requests, undelivered }: Props) {
    super(scope, id);
    new EventSourceMapping(this, 'Changed', {
      target: updateMessages,
      eventSourceArn: requests.tableStreamArn ?? '',
      startingPosition: StartingPosition.LATEST,
      batchSize: 10,
      filters: [
        FilterCriteria.filter({ dynamodb: { NewImage: { shownIn: { S: FilterRule.isEqual('slack') } } } }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // A message that is an hour late helps nobody; the row and the audit log have it all.
      maxRecordAge: Duration.hours(1),
      retryAttempts: 20,
      onFailure: new SqsDlq(undelivered),
    });
  }
}
