import { CfnOutput } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Construct } from 'constructs';
import { allow } from '../grants/allow.ts';
import { streamStatements } from '../grants/on-tables.ts';
import { undeliveredStatements } from '../grants/undelivered.ts';
import { useKeyThrough } from '../grants/use-key.ts';
import { justifyWildcard } from '../justify.ts';
import type { Keys } from './storage/keys.ts';
import type { Queues } from './storage/queues.ts';
import { streamArnOf } from './storage/stream-arn.ts';

/** By what rules know the events. */
export const STATUS_SOURCE = 'postern.access-request';
export const STATUS_DETAIL = 'Request status';

/** What an event says. A row holds more (claim token, sealed session): INVARIANT: none of that is named here. */
const EVENT = `{
  "requestId": <$.dynamodb.NewImage.requestId.S>,
  "principalId": <$.dynamodb.NewImage.principalId.S>,
  "status": <$.dynamodb.NewImage.status.S>,
  "updatedAt": <$.dynamodb.NewImage.updatedAt.S>
}`;

type Props = { readonly requests: Table; readonly keys: Keys; readonly queues: Queues };

/**
 * Announces each request's status on the bus `postern`, from the source `postern.access-request`, by a pipe from
 * the table's stream. At least once, in order per request; a status may be announced again without a change.
 */
export class AnnounceStatus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { requests, keys, queues }: Props) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: 'postern' });
    const role = new Role(this, 'Role', {
      description: 'Postern: the pipe from the requests table to the bus',
      assumedBy: new ServicePrincipal('pipes.amazonaws.com'),
      inlinePolicies: {
        pipe: new PolicyDocument({
          statements: [
            ...streamStatements(requests),
            useKeyThrough('dynamodb', keys.data, 'kms:Decrypt'),
            allow(['events:PutEvents'], this.bus.eventBusArn),
            ...undeliveredStatements({ queues, keys }),
          ],
        }),
      },
    });
    justifyWildcard(role, '*', 'Listing streams takes no resource.');
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName });
    const source = streamArnOf(requests);
    if (source === undefined) return;
    new CfnPipe(this, 'Pipe', {
      name: 'postern-announce-status',
      description: 'Postern: announces the status of each request',
      roleArn: role.roleArn,
      source,
      sourceParameters: {
        dynamoDbStreamParameters: {
          startingPosition: 'LATEST',
          batchSize: 10,
          maximumRetryAttempts: 10,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          deadLetterConfig: { arn: queues.undelivered.queueArn },
        },
        filterCriteria: { filters: [{ pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
      },
      target: this.bus.eventBusArn,
      targetParameters: {
        eventBridgeEventBusParameters: { source: STATUS_SOURCE, detailType: STATUS_DETAIL },
        inputTemplate: EVENT,
      },
    });
  }
}
