import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runStep } from '../shared/adapters/runtime/run-step.ts';
import { openRolePolicies } from '../shared/adapters/sessions/open-role-policies.ts';
import { makeDenialsTable } from '../shared/adapters/tables/denials-table.ts';
import { makeLiftRevocation } from './lift-revocation.ts';

export const handler = runStep('lift-revocation', () =>
  makeLiftRevocation({
    denials: makeDenialsTable({ client: documentClient(), tableName: requiredEnv('DENIALS_TABLE') }),
    rolePolicies: openRolePolicies(),
    clock: () => new Date(),
  }),
);
