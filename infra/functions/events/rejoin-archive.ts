import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { archiveKey, readArchive } from '../../grants/archive.ts';
import { appendAudit, readHeadsKey, verifyAudit } from '../../grants/audit-log.ts';
import { tableKey } from '../../grants/on-tables.ts';

/** Joins the audit table to its archive again, after an operator restored it to an earlier time. */
export const rejoinArchive: FunctionSpec = {
  entry: 'lambdas/events/rejoin-archive/handler.ts',
  memoryMegabytes: 1024,
  timeoutSeconds: 900,
  invokedBy: 'operator',
  grants: (on) => [
    appendAudit(on),
    verifyAudit(on),
    readHeadsKey(on),
    readArchive(on),
    tableKey(on),
    archiveKey(on, 'kms:Decrypt'),
  ],
};
