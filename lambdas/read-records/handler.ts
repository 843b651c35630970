import { makeAuditReader } from '../shared/adapters/audit/audit-reader.ts';
import { makeRecordMacs } from '../shared/adapters/audit/record-macs.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { openSignIn } from '../shared/adapters/identity/open-sign-in.ts';
import { documentClient, kmsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { approverGroupsOf } from '../shared/domain/approvals/approvals-config.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { makeReadRecords } from './read-records.ts';

export const handler = serveProxyEvents(() => {
  const client = documentClient();
  const clock = () => new Date();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  return makeReadRecords({
    principals: lookups,
    tokens: openSignIn({ client, clock, principals: lookups }),
    allPrincipals: principals,
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    audit: makeAuditReader({ client, tableName: requiredEnv('AUDIT_TABLE') }),
    isGenuine: makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') }).verify,
    approverGroups: () => approverGroupsOf(readConfigFiles().approvals.tiers),
    clock,
    log: (fields) => logger.info('call', fields),
  });
});
