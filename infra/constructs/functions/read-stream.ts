import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { streamArnOf } from '../storage/stream-arn.ts';
import type { EventWiring } from './function-spec.ts';

type Reader = {
  readonly table: Table;
  /** `earliest` misses no record that the stream still holds when it is deployed. */
  readonly from: 'earliest' | 'latest';
  readonly batchSize: number;
  /** A record that is older than this is given up, and kept as undelivered. */
  readonly maxRecordAgeHours: number;
  /** How often a batch is tried again; until its age ends where absent. */
  readonly retryAttempts?: number;
  /** Records that the function is called for; all where absent. */
  readonly filter?: Readonly<Record<string, unknown>>;
};

/**
 * Hands each write of a table to a function, in order per row. A batch that fails is halved until the record that
 * fails is alone; what is given up goes to the undelivered. `path` is the reader's place in the stack.
 */
export function readStream(
  { stack, target, undelivered }: Pick<EventWiring, 'stack' | 'target' | 'undelivered'>,
  [parent, id]: readonly [string, string],
  { table, from, batchSize, maxRecordAgeHours, retryAttempts, filter }: Reader,
): void {
  const eventSourceArn = streamArnOf(table);
  if (eventSourceArn === undefined) return;
  new EventSourceMapping(new Construct(stack, parent), id, {
    target,
    eventSourceArn,
    startingPosition: from === 'earliest' ? StartingPosition.TRIM_HORIZON : StartingPosition.LATEST,
    batchSize,
    ...(filter && { filters: [FilterCriteria.filter({ ...filter })] }),
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    maxRecordAge: Duration.hours(maxRecordAgeHours),
    ...(retryAttempts !== undefined && { retryAttempts }),
    onFailure: new SqsDlq(undelivered),
  });
}
