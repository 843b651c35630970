import { FilterRule } from 'aws-cdk-lib/aws-lambda';
import { DIRECTORY_PREFIX } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { readStream } from '../../constructs/functions/read-stream.ts';
import { appendAudit } from '../../grants/audit-log.ts';
import { items, itemsWithKeys, stream, tableKey } from '../../grants/on-tables.ts';
import { readSlackSecret } from '../../grants/secrets.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';
import { startRevocations } from '../../grants/workflows.ts';

/** Whatever it writes of people is of those whose ids begin so: it can change nobody whom the directory did not make. */
const ITS_OWN = [`${DIRECTORY_PREFIX}*`];

/** Makes the principals what the directory and the templates say, and takes back what leavers hold. */
export const syncPeople: FunctionSpec = {
  entry: 'lambdas/events/sync-people/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 120,
  invokedBy: 'stream',
  grants: (on) =>
    on.settings.scim
      ? [
          stream(on, 'directory'),
          itemsWithKeys(on, 'directory', ['user', 'group', 'template'], 'Query'),
          itemsWithKeys(on, 'directory', ['state'], 'PutItem'),
          items(on, 'principals', 'Scan'),
          itemsWithKeys(on, 'principals', ITS_OWN, 'PutItem'),
          itemsWithKeys(on, 'policies', ITS_OWN, 'GetItem', 'PutItem'),
          items(on, 'awsPrincipals', 'PutItem', 'DeleteItem'),
          appendAudit(on),
          tableKey(on),
          startRevocations(on),
          readSlackSecret(on),
          keepUndelivered(on),
        ]
      : [],
  events(wiring) {
    if (!wiring.settings.scim) return;
    readStream(wiring, ['SyncPeople', 'Changed'], {
      table: wiring.tables.directory,
      from: 'earliest',
      batchSize: 100,
      // What came of it is written there too, and is no reason to look again.
      filter: { dynamodb: { Keys: { kind: { S: FilterRule.or('user', 'group', 'template') } } } },
      // Each run looks at everything: what is late is done with the next write too.
      maxRecordAgeHours: 24,
    });
  },
};
