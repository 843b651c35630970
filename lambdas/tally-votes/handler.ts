import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { recordAround } from '../shared/adapters/audit/record-around.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { readPasskeyPlace } from '../shared/adapters/config/read-passkey-place.ts';
import { openOutside } from '../shared/adapters/outside/read-facts.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeApprovalsTable } from '../shared/adapters/tables/approvals-table.ts';
import { makePasskeyUses } from '../shared/adapters/tables/passkey-uses-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { whenTallied } from '../shared/domain/audit/audit-entries.ts';
import { workflowStateSchema } from '../shared/domain/workflow-state.ts';
import { measureWait } from './measure-wait.ts';
import { makeTallyVotes } from './tally-votes.ts';

export const handler = runWorkflowStep(
  'tally-votes',
  workflowStateSchema,
  () => {
    const client = documentClient();
    const clock = () => new Date();
    const step = makeTallyVotes({
      approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
      principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
      passkeyUses: makePasskeyUses({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
      passkeyPlace: readPasskeyPlace,
      readOutside: openOutside(client, clock),
      approvalsConfig: () => readConfigFiles().approvals,
      clock,
    });
    return recordAround(step, { after: whenTallied }, openAuditLog(client, clock));
  },
  { done: (state, evidence) => measureWait(state, evidence, new Date()) },
);
