import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, tableKey } from '../grants/on-tables.ts';
import { place } from '../grants/place.ts';

/** Lists what a caller could ask for, and answers policies. */
export const listCatalog: FunctionSpec = {
  entry: 'lambdas/list-catalog/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'principals', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'once', 'PutItem'),
    items(on, 'policies', 'GetItem'),
    tableKey(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: (on) => ({ ...place(on), ISSUERS: '' }),
  routes: { signed: ['GET /catalog', 'GET /policies/{id}'], unsigned: [] },
  tokenRoutes: { signed: ['GET /catalog', 'GET /policies/{id}'], unsigned: [] },
};
