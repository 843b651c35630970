import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { readStream } from '../../constructs/functions/read-stream.ts';
import { items, stream, tableKey, votes } from '../../grants/on-tables.ts';
import { stepFunctionsConsole } from '../../grants/place.ts';
import { readSlackSecret } from '../../grants/secrets.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/** Brings the messages in Slack up to date with each change of a request that they show. */
export const updateMessages: FunctionSpec = {
  entry: 'lambdas/events/update-messages/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 60,
  invokedBy: 'stream',
  grants: (on) => [
    stream(on, 'requests'),
    items(on, 'requests', 'GetItem'),
    votes(on, 'approvals', 'Query'),
    items(on, 'messages', 'GetItem', 'PutItem', 'DeleteItem'),
    items(on, 'principals', 'GetItem'),
    readSlackSecret(on),
    tableKey(on),
    keepUndelivered(on),
  ],
  variables: stepFunctionsConsole,
  events(wiring) {
    readStream(wiring, ['UpdateMessages', 'Changed'], {
      table: wiring.tables.requests,
      from: 'latest',
      batchSize: 10,
      filter: { dynamodb: { NewImage: { shownIn: { S: FilterRule.isEqual('slack') } } } },
      // A message that is an hour late helps nobody; the row and the audit log have it all.
      maxRecordAgeHours: 1,
      retryAttempts: 20,
    });
  },
};
