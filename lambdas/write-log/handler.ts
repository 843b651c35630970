import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { recordAround } from '../shared/adapters/audit/record-around.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeReviewsTable } from '../shared/adapters/tables/reviews-table.ts';
import { makeUsageTable } from '../shared/adapters/tables/usage-table.ts';
import { whenClosing } from '../shared/domain/audit/audit-entries.ts';
import { workflowStateSchema } from '../shared/domain/workflow-state.ts';
import { measureDecision } from './measure-decision.ts';
import { makeWriteLog } from './write-log.ts';

export const handler = runWorkflowStep(
  'write-log',
  workflowStateSchema,
  () => {
    const client = documentClient();
    const clock = () => new Date();
    const audit = openAuditLog(client, clock);
    const step = makeWriteLog({
      requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
      audit,
      usage: makeUsageTable({ client, tableName: requiredEnv('USAGE_TABLE'), clock }),
      suspension: () => readConfigFiles().limits.suspension,
      reviews: makeReviewsTable({ client, tableName: requiredEnv('REVIEWS_TABLE') }),
      rememberedReviews: () => readConfigFiles().limits.rememberedReviews,
      log: logger,
      clock,
    });
    return recordAround(step, { before: whenClosing }, audit);
  },
  { done: measureDecision },
);
