import { makeArchiveBucket } from '../../shared/adapters/audit/archive-bucket.ts';
import { makeRecordMacs } from '../../shared/adapters/audit/record-macs.ts';
import { kmsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { emit } from '../../shared/adapters/runtime/metrics.ts';
import { roleCredentials } from '../../shared/adapters/runtime/role-credentials.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { readImage } from '../../shared/adapters/tables/read-image.ts';
import { makeArchiveAudit } from './archive-audit.ts';

export const handler = runStep('archive-audit', () =>
  makeArchiveAudit({
    archive: makeArchiveBucket({
      url: requiredEnv('ARCHIVE_URL'),
      region: requiredEnv('AWS_REGION'),
      credentials: roleCredentials,
    }),
    readImage,
    isGenuine: makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') }).verify,
    log: logger,
    emit,
  }),
);
