import { makeApprovalsTable } from '../shared/adapters/approvals-table.ts';
import { documentClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { makePrincipalsTable } from '../shared/adapters/principals-table.ts';
import { readConfigFiles } from '../shared/adapters/read-config.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { measureWait } from './measure-wait.ts';
import { makeTallyVotes } from './tally-votes.ts';

export const handler = runStep(
  'tally-votes',
  () => {
    const client = documentClient();
    return makeTallyVotes({
      approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
      principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
      approvalsConfig: () => readConfigFiles().approvals,
      clock: () => new Date(),
    });
  },
  { done: (event, evidence) => measureWait(event, evidence, new Date()) },
);
