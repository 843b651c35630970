import { makeFactTable } from '../shared/adapters/outside/facts-table.ts';
import { readFactSources } from '../shared/adapters/outside/read-fact-sources.ts';
import { verifyFact } from '../shared/adapters/outside/verify-fact.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { makeFactApp } from './serve-fact.ts';

export const handler = serveProxyEvents(() =>
  makeFactApp({
    stored: makeFactTable({ client: documentClient(), tableName: requiredEnv('FACTS_TABLE') }),
    verify: (token) => verifyFact(token, readFactSources(), new Date()),
    log: (fields) => logger.info('fact', fields),
  }),
);
