import { makeMacKey } from '../shared/adapters/audit/mac-key.ts';
import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { recordAround } from '../shared/adapters/audit/record-around.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { documentClient, kmsClient, stepFunctionsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeDirectoryTable } from '../shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeVersionsTable } from '../shared/adapters/tables/versions-table.ts';
import { makeWriteTogether } from '../shared/adapters/tables/write-together.ts';
import { makeRevocations } from '../shared/adapters/workflows/revocations.ts';
import { whenAgreed } from '../shared/domain/audit/audit-entries.ts';
import { sealedTaskSchema } from '../shared/domain/workflow-state.ts';
import { makeApplyChange } from './apply-change.ts';

export const handler = runWorkflowStep('apply-change', sealedTaskSchema, () => {
  const client = documentClient();
  const clock = () => new Date();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const tableName = requiredEnv('AWS_PRINCIPALS_TABLE');
  const lookups = makePrincipalLookups({ client, tableName, principals });
  const audit = openAuditLog(client, clock);
  const step = makeApplyChange({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    principals,
    directory: makeDirectoryTable({ client, tableName: requiredEnv('DIRECTORY_TABLE') }),
    sealKey: makeMacKey({ client: kmsClient(), keyId: requiredEnv('SEAL_KEY_ID') }),
    lookups,
    tiers: () => readConfigFiles().approvals.tiers,
    revocations: makeRevocations({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('REVOKE_MACHINE_ARN'),
      clock,
    }),
    versions: makeVersionsTable({ client, tableName: requiredEnv('VERSIONS_TABLE') }),
    writeTogether: makeWriteTogether({
      client,
      tables: {
        policies: requiredEnv('POLICIES_TABLE'),
        principals: requiredEnv('PRINCIPALS_TABLE'),
        directory: requiredEnv('DIRECTORY_TABLE'),
      },
    }),
    audit,
    clock,
  });
  return recordAround(step, { before: whenAgreed }, audit);
});
