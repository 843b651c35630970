import { documentClient, stepFunctionsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeCallbacksTable } from '../../shared/adapters/tables/callbacks-table.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { makeCallersTasks } from '../../shared/adapters/workflows/callers-tasks.ts';
import { count } from '../../shared/domain/measurement.ts';
import { makeDeliverCallback } from './deliver-callback.ts';

export const handler = runStep(
  'deliver-callback',
  () => {
    const client = documentClient();
    const clock = () => new Date();
    return makeDeliverCallback({
      requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
      callbacks: makeCallbacksTable({ client, tableName: requiredEnv('CALLBACKS_TABLE') }),
      tasks: makeCallersTasks({ client: stepFunctionsClient() }),
      clock,
      log: (fields) => logger.info('callback', fields),
    });
  },
  { done: (_, { settlement }) => (settlement === 'refused' ? [count('CallbacksRefused')] : []) },
);
