import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import { documentClient, stepFunctionsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { makeExecutions } from '../../shared/adapters/workflows/executions.ts';
import { makeCloseRequest } from './close-request.ts';

export const handler = runStep('close-request', () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeCloseRequest({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    audit: openAuditLog(client, clock),
    executions: makeExecutions({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    clock,
  });
});
