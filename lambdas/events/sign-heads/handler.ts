import { makeArchiveBucket } from '../../shared/adapters/audit/archive-bucket.ts';
import { makeAuditReader } from '../../shared/adapters/audit/audit-reader.ts';
import { makeHeadsArchive } from '../../shared/adapters/audit/heads-archive.ts';
import { makeHeadsKey } from '../../shared/adapters/audit/heads-key.ts';
import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import { makeRecordMacs } from '../../shared/adapters/audit/record-macs.ts';
import { readConfigDigests } from '../../shared/adapters/config/read-config.ts';
import { documentClient, kmsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { roleCredentials } from '../../shared/adapters/runtime/role-credentials.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makePrincipalsTable } from '../../shared/adapters/tables/principals-table.ts';
import { makeRecordConfig } from './record-config.ts';
import { makeSignHeads } from './sign-heads.ts';

export const handler = runStep('sign-heads', () => {
  const client = documentClient();
  const clock = () => new Date();
  const audit = {
    ...makeAuditReader({ client, tableName: requiredEnv('AUDIT_TABLE') }),
    ...openAuditLog(client, clock),
  };
  const recordConfig = makeRecordConfig({
    digests: readConfigDigests,
    audit,
  });
  const signHeads = makeSignHeads({
    principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
    audit,
    archive: makeHeadsArchive(
      makeArchiveBucket({
        url: requiredEnv('ARCHIVE_URL'),
        region: requiredEnv('AWS_REGION'),
        credentials: roleCredentials,
      }),
    ),
    isGenuine: makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') }).verify,
    sign: makeHeadsKey({ client: kmsClient(), keyId: requiredEnv('HEADS_KEY_ID') }).sign,
    log: logger,
    clock,
  });
  return async () => {
    await recordConfig();
    return signHeads();
  };
});
