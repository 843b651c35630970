import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, tableKey } from '../grants/on-tables.ts';

/** Records how a request ended, and only then shows it in the row. */
export const writeLog: FunctionSpec = {
  entry: 'lambdas/write-log/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    appendAudit(on),
    items(on, 'usage', 'GetItem', 'PutItem'),
    items(on, 'reviews', 'PutItem'),
    tableKey(on),
  ],
};
