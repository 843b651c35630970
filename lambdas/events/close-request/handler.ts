import { makeAuditTable } from '../../shared/adapters/audit-table.ts';
import { documentClient, stepFunctionsClient } from '../../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/environment.ts';
import { makeExecutions } from '../../shared/adapters/executions.ts';
import { makeRequestsTable } from '../../shared/adapters/requests-table.ts';
import { runStep } from '../../shared/adapters/run-step.ts';
import { makeCloseRequest } from './close-request.ts';

export const handler = runStep('close-request', () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeCloseRequest({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    audit: makeAuditTable({ client, tableName: requiredEnv('AUDIT_TABLE'), clock }),
    executions: makeExecutions({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    clock,
  });
});
