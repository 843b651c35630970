import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { readStream } from '../../constructs/functions/read-stream.ts';
import { items, stream, tableKey } from '../../grants/on-tables.ts';
import { pagePeople } from '../../grants/page-people.ts';
import { readSlackSecret } from '../../grants/secrets.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/** Tells people, once, that an agent was suspended for its denials. */
export const tellSuspension: FunctionSpec = {
  entry: 'lambdas/events/tell-suspension/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 30,
  invokedBy: 'stream',
  grants: (on) => [
    stream(on, 'usage'),
    items(on, 'messages', 'GetItem', 'PutItem', 'DeleteItem'),
    readSlackSecret(on),
    tableKey(on),
    keepUndelivered(on),
    pagePeople(),
  ],
  events(wiring) {
    readStream(wiring, ['TellSuspension', 'Changed'], {
      table: wiring.tables.usage,
      from: 'latest',
      batchSize: 10,
      filter: { dynamodb: { NewImage: { suspension: { M: { until: { S: FilterRule.exists() } } } } } },
      // Told later, a suspension may be over; the audit log has it.
      maxRecordAgeHours: 1,
      retryAttempts: 20,
    });
  },
};
