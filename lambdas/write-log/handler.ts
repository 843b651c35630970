import { makeAuditTable } from '../shared/adapters/audit-table.ts';
import { documentClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { makeRequestsTable } from '../shared/adapters/requests-table.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { makeWriteLog } from './write-log.ts';

export const handler = runStep('write-log', () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeWriteLog({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    audit: makeAuditTable({ client, tableName: requiredEnv('AUDIT_TABLE'), clock }),
  });
});
