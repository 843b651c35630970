import { makeAuditReader } from '../../shared/adapters/audit/audit-reader.ts';
import { makeHeadsKey } from '../../shared/adapters/audit/heads-key.ts';
import { openArchive } from '../../shared/adapters/audit/open-archive.ts';
import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import { makePutBack } from '../../shared/adapters/audit/put-back.ts';
import { makeRecordMacs } from '../../shared/adapters/audit/record-macs.ts';
import { documentClient, kmsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { emit } from '../../shared/adapters/runtime/metrics.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { readImage } from '../../shared/adapters/tables/read-image.ts';
import { makeRejoinArchive } from './rejoin-archive.ts';

export const handler = runStep('rejoin-archive', () => {
  const client = documentClient();
  const clock = () => new Date();
  const tableName = requiredEnv('AUDIT_TABLE');
  const archive = openArchive();
  const headsKey = makeHeadsKey({ client: kmsClient(), keyId: requiredEnv('HEADS_KEY_ID') });
  return async (event: unknown) =>
    makeRejoinArchive({
      audit: { ...makeAuditReader({ client, tableName }), ...openAuditLog(client, clock) },
      archive,
      readImage,
      isGenuine: makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') }).verify,
      isSigned: await headsKey.verifier(),
      putBack: makePutBack({ client, tableName }),
      emit,
      clock,
    })(event);
});
