import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, tableKey } from '../grants/on-tables.ts';
import { place } from '../grants/place.ts';

/** Lists what a caller could ask for. */
export const listCatalog: FunctionSpec = {
  entry: 'lambdas/list-catalog/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'api',
  grants: (on) => [items(on, 'principals', 'GetItem'), items(on, 'awsPrincipals', 'GetItem'), tableKey(on)],
  variables: place,
  routes: { signed: ['GET /catalog'], unsigned: [] },
};
