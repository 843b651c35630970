import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, itemsWithKeys, tableKey } from '../grants/on-tables.ts';
import { place } from '../grants/place.ts';

const ROUTES = {
  signed: [
    'GET /catalog',
    'GET /policies/{id}',
    'GET /policies/{id}/versions',
    'GET /principals',
    'GET /access-matrix',
    'GET /directory',
  ],
  unsigned: [],
} as const satisfies FunctionSpec['routes'];

/**
 * Lists what a caller could ask for, and what of it everybody could; answers policies and principals, and what the directory
 * makes of people.
 */
export const listCatalog: FunctionSpec = {
  entry: 'lambdas/list-catalog/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 20,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'principals', 'GetItem', 'Scan'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'once', 'PutItem'),
    items(on, 'policies', 'GetItem'),
    items(on, 'versions', 'Query'),
    itemsWithKeys(on, 'directory', ['template', 'state'], 'GetItem', 'Query'),
    tableKey(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: (on) => ({ ...place(on), ISSUERS: '' }),
  routes: ROUTES,
  tokenRoutes: ROUTES,
};
