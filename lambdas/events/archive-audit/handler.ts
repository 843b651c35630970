import { makeArchiveBucket } from '../../shared/adapters/audit/archive-bucket.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { roleCredentials } from '../../shared/adapters/runtime/role-credentials.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeArchiveAudit } from './archive-audit.ts';

export const handler = runStep('archive-audit', () =>
  makeArchiveAudit({
    archive: makeArchiveBucket({
      url: requiredEnv('ARCHIVE_URL'),
      region: requiredEnv('AWS_REGION'),
      credentials: roleCredentials,
    }),
    log: logger,
  }),
);
