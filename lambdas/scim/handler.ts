import { documentClient, secretsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makeSecrets } from '../shared/adapters/runtime/secrets.ts';
import { makeDirectoryTable } from '../shared/adapters/tables/directory-table.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { makeScimApp } from './serve-scim.ts';

export const handler = serveProxyEvents(() => {
  const clock = () => new Date();
  const secrets = makeSecrets({ client: secretsClient(), clock });
  return makeScimApp({
    directory: makeDirectoryTable({ client: documentClient(), tableName: requiredEnv('DIRECTORY_TABLE') }),
    token: () => secrets.read(requiredEnv('SCIM_SECRET_ID')),
    clock,
    log: (fields) => logger.info('directory', fields),
  });
});
