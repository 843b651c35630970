import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, tableKey } from '../grants/on-tables.ts';

/** Marks the request ready to be claimed. */
export const awaitClaim: FunctionSpec = {
  entry: 'lambdas/await-claim/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [items(on, 'requests', 'UpdateItem'), appendAudit(on), tableKey(on)],
};
