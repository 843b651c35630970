import { makeMacKey } from '../shared/adapters/audit/mac-key.ts';
import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import {
  digestsOfEntries,
  loadBrokeredRoles,
  roleOfEntries,
} from '../shared/adapters/config/brokered-roles.ts';
import { readConfigDigests, readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { documentClient, kmsClient, stsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { sealerFor, thumbprintOf } from '../shared/adapters/sessions/sealed-credentials.ts';
import { makeSessions } from '../shared/adapters/sessions/sessions.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { gatewaysSchema } from '../shared/domain/identity/delegation.ts';
import { count } from '../shared/domain/measurement.ts';
import { sealedTaskSchema } from '../shared/domain/workflow-state.ts';
import { makeAssumeRole } from './assume-role.ts';

/** Thumbprints of the registered gateways' keys. */
function gatewayKeys(): Promise<string[]> {
  const { GATEWAYS: text } = process.env;
  const gateways = text ? gatewaysSchema.parse(JSON.parse(text)) : [];
  return Promise.all(gateways.map(({ publicKey }) => thumbprintOf(publicKey)));
}

let roles: ReturnType<typeof loadBrokeredRoles> | undefined;

export const handler = runWorkflowStep(
  'assume-role',
  sealedTaskSchema,
  () => {
    const client = documentClient();
    const clock = () => new Date();
    return makeAssumeRole({
      requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
      principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
      policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
      audit: openAuditLog(client, clock),
      sealKey: makeMacKey({ client: kmsClient(), keyId: requiredEnv('SEAL_KEY_ID') }),
      sessions: makeSessions({ client: stsClient() }),
      configDigests: readConfigDigests,
      tiers: () => readConfigFiles().approvals.tiers,
      grantedEntries: digestsOfEntries,
      roleOf: roleOfEntries,
      sealerFor,
      gatewayKeys,
      brokeredRoles: () => (roles ??= loadBrokeredRoles()),
      milliseconds: () => performance.now(),
      clock,
    });
  },
  { done: () => [count('Claims')] },
);
