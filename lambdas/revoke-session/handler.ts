import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { documentClient, stepFunctionsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runStep } from '../shared/adapters/runtime/run-step.ts';
import { openRolePolicies } from '../shared/adapters/sessions/open-role-policies.ts';
import { makeDenialsTable } from '../shared/adapters/tables/denials-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeStateMachine } from '../shared/adapters/workflows/state-machine.ts';
import { makeRevokeSession } from './revoke-session.ts';

export const handler = runStep('revoke-session', () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeRevokeSession({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    denials: makeDenialsTable({ client, tableName: requiredEnv('DENIALS_TABLE') }),
    audit: openAuditLog(client, clock),
    rolePolicies: openRolePolicies(),
    executions: makeStateMachine({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    clock,
  });
});
