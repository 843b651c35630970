import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import {
  documentClient,
  secretsClient,
  stepFunctionsClient,
} from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../shared/adapters/runtime/secrets.ts';
import { openSlack } from '../../shared/adapters/slack/open-slack.ts';
import { makeDirectoryTable } from '../../shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../../shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../shared/adapters/tables/principals-table.ts';
import { makeRevocations } from '../../shared/adapters/workflows/revocations.ts';
import { makeSyncPeople } from './sync-people.ts';

/** Called for what is written to the directory. Which write it was is nothing to it: all of it is read. */
export const handler = runStep('sync-people', () => {
  const client = documentClient();
  const clock = () => new Date();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const { slack } = openSlack(makeSecrets({ client: secretsClient(), clock }));
  return makeSyncPeople({
    directory: makeDirectoryTable({ client, tableName: requiredEnv('DIRECTORY_TABLE') }),
    principals,
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    lookups: makePrincipalLookups({ client, tableName: requiredEnv('AWS_PRINCIPALS_TABLE'), principals }),
    revocations: makeRevocations({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('REVOKE_MACHINE_ARN'),
      clock,
    }),
    audit: openAuditLog(client, clock),
    findSlackUser: slack.userOfEmail,
    clock,
    log: (fields) => logger.info('people', fields),
  });
});
