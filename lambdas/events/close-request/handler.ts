import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import { readConfigFiles } from '../../shared/adapters/config/read-config.ts';
import { documentClient, snsClient, stepFunctionsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { emit } from '../../shared/adapters/runtime/metrics.ts';
import { makePager } from '../../shared/adapters/runtime/pager.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { makeExecutions } from '../../shared/adapters/workflows/executions.ts';
import { count } from '../../shared/domain/measurement.ts';
import { callForReviews } from './call-for-reviews.ts';
import { makeCloseRequest } from './close-request.ts';

export const handler = runStep('close-request', () => {
  const client = documentClient();
  const clock = () => new Date();
  const requests = makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock });
  const audit = openAuditLog(client, clock);
  const reviewing = {
    requests,
    audit,
    tiers: () => readConfigFiles().approvals.tiers,
    page: makePager({ client: snsClient() }),
    alarm: (level: number) => emit([count('BreakGlassUnreviewed', level)]),
    warn: (fields: Record<string, unknown>) => logger.warn('a topic was not told', fields),
    clock,
  };
  return makeCloseRequest({
    requests,
    audit,
    callForReviews: () => callForReviews(reviewing),
    executions: makeExecutions({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    clock,
  });
});
