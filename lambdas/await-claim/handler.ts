import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { recordAround } from '../shared/adapters/audit/record-around.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { whenAgreed } from '../shared/domain/audit/audit-entries.ts';
import { awaitClaimSchema, makeAwaitClaim } from './await-claim.ts';

const clock = () => new Date();

export const handler = runWorkflowStep('await-claim', awaitClaimSchema, () => {
  const client = documentClient();
  const step = makeAwaitClaim({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    clock,
  });
  return recordAround(step, { before: whenAgreed }, openAuditLog(client, clock));
});
