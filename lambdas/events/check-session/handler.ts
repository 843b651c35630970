import { makeAuditReader } from '../../shared/adapters/audit/audit-reader.ts';
import { makeRecordMacs } from '../../shared/adapters/audit/record-macs.ts';
import { documentClient, kmsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { count } from '../../shared/domain/measurement.ts';
import { makeCheckSession } from './check-session.ts';

export const handler = runStep(
  'check-session',
  () =>
    makeCheckSession({
      audit: makeAuditReader({ client: documentClient(), tableName: requiredEnv('AUDIT_TABLE') }),
      isGenuine: makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') }).verify,
    }),
  {
    done(_, { recorded, eventId }) {
      if (recorded) return [];
      logger.error('a session that is not in the audit log', { cloudTrailEventId: eventId });
      return [count('UnrecordedSessions')];
    },
  },
);
