import { documentClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { makeRequestsTable } from '../shared/adapters/requests-table.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { makeAwaitClaim } from './await-claim.ts';

const clock = () => new Date();

export const handler = runStep('await-claim', () =>
  makeAwaitClaim({
    requests: makeRequestsTable({
      client: documentClient(),
      tableName: requiredEnv('REQUESTS_TABLE'),
      clock,
    }),
    clock,
  }),
);
