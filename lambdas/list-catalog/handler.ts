import { loadConfig } from '../shared/adapters/config/load-config.ts';
import { openSignIn } from '../shared/adapters/identity/open-sign-in.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makeDirectoryTable } from '../shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeVersionsTable } from '../shared/adapters/tables/versions-table.ts';
import { matrixByGroup } from '../shared/domain/guardrails/matrix-by-group.ts';
import { mayPropose } from '../shared/domain/guardrails/may-propose.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { catalogViewOf } from './catalog-view.ts';
import { makeListCatalog } from './list-catalog.ts';

export const handler = serveProxyEvents(() => {
  const client = documentClient();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  const config = loadConfig();
  const clock = () => new Date();
  return makeListCatalog({
    principals: lookups,
    tokens: openSignIn({ client, clock, principals: lookups }),
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    versions: makeVersionsTable({ client, tableName: requiredEnv('VERSIONS_TABLE') }),
    catalogFor: (principal) => catalogViewOf(principal, config),
    allPrincipals: principals,
    directory: makeDirectoryTable({ client, tableName: requiredEnv('DIRECTORY_TABLE') }),
    mayProposeTemplates: (principal) => mayPropose(principal, 'template', config),
    mayProposePolicies: (principal) => mayPropose(principal, 'policy', config),
    mayProposePrincipals: (principal) => mayPropose(principal, 'principal', config),
    matrixOf: (listed, resource) => matrixByGroup(config, listed, resource),
    clock,
    log: (fields) => logger.info('call', fields),
  });
});
