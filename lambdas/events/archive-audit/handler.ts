import { makeArchiveBucket } from '../../shared/adapters/archive-bucket.ts';
import { requiredEnv } from '../../shared/adapters/environment.ts';
import { logger } from '../../shared/adapters/logger.ts';
import { runStep } from '../../shared/adapters/run-step.ts';
import { makeArchiveAudit } from './archive-audit.ts';

export const handler = runStep('archive-audit', () =>
  makeArchiveAudit({
    archive: makeArchiveBucket({
      url: requiredEnv('ARCHIVE_URL'),
      region: requiredEnv('AWS_REGION'),
      // Lambda gives a function its role's session in its environment, for as long as the function lives.
      credentials: () => ({
        accessKeyId: requiredEnv('AWS_ACCESS_KEY_ID'),
        secretAccessKey: requiredEnv('AWS_SECRET_ACCESS_KEY'),
        sessionToken: requiredEnv('AWS_SESSION_TOKEN'),
      }),
    }),
    log: logger,
  }),
);
