import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { index, items, tableKey } from '../grants/on-tables.ts';
import { denySessions } from '../grants/sessions.ts';
import { stopRequests } from '../grants/workflows.ts';

/** Ends sessions before their time, and requests that are still open. */
export const revokeSession: FunctionSpec = {
  entry: 'lambdas/revoke-session/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 50,
  invokedBy: 'state',
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    index(on, 'requests', 'byOpen'),
    index(on, 'requests', 'byLive'),
    appendAudit(on),
    denySessions(on),
    tableKey(on),
    stopRequests(on),
  ],
};
