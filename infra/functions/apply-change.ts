import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, itemsWithKeys, tableKey } from '../grants/on-tables.ts';
import { verifySeal } from '../grants/seal.ts';
import { startRevocations } from '../grants/workflows.ts';

/**
 * Applies an approved change: the only function that may write what people propose. Those principals whom the directory
 * made `sync-people` writes too, and no others.
 */
export const applyChange: FunctionSpec = {
  entry: 'lambdas/apply-change/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    items(on, 'principals', 'GetItem', 'PutItem', 'Scan'),
    items(on, 'policies', 'GetItem', 'PutItem'),
    itemsWithKeys(on, 'directory', ['template'], 'GetItem', 'PutItem'),
    items(on, 'awsPrincipals', 'PutItem', 'DeleteItem', 'UpdateItem'),
    items(on, 'versions', 'PutItem'),
    appendAudit(on),
    tableKey(on),
    verifySeal(on),
    startRevocations(on),
  ],
};
