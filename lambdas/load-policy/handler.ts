import { documentClient } from '../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/environment.ts';
import { makePoliciesTable } from '../shared/adapters/policies-table.ts';
import { makePrincipalsTable } from '../shared/adapters/principals-table.ts';
import { readConfigDigests } from '../shared/adapters/read-config.ts';
import { runStep } from '../shared/adapters/run-step.ts';
import { makeLoadPolicy } from './load-policy.ts';

export const handler = runStep('load-policy', () =>
  makeLoadPolicy({
    principals: makePrincipalsTable({
      client: documentClient(),
      tableName: requiredEnv('PRINCIPALS_TABLE'),
    }),
    policies: makePoliciesTable({ client: documentClient(), tableName: requiredEnv('POLICIES_TABLE') }),
    configDigests: readConfigDigests,
  }),
);
