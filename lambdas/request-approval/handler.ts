import { makeApprovalsTable } from '../shared/adapters/approvals-table.ts';
import { documentClient, stepFunctionsClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { makeRequestsTable } from '../shared/adapters/requests-table.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { makeWakeExecution } from '../shared/adapters/wake-execution.ts';
import { makeRequestApproval } from './request-approval.ts';

export const handler = runStep('request-approval', () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeRequestApproval({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
    wake: makeWakeExecution({ client: stepFunctionsClient() }),
  });
});
