import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, putWithOnly, tableKey } from '../grants/on-tables.ts';
import { place } from '../grants/place.ts';
import { startRequests } from '../grants/workflows.ts';

const ROUTES = {
  signed: [
    'GET /access-reviews',
    'POST /access-reviews',
    'GET /access-reviews/{id}',
    'GET /access-reviews/{id}/items/{item}',
    'POST /access-reviews/{id}/items/{item}',
  ],
  unsigned: [],
} as const satisfies FunctionSpec['routes'];

/**
 * What the row of a change begins with.
 * INVARIANT: a claim is not in it, nor what is asked of people: it can neither claim a request nor say how one was decided.
 */
const OF_A_NEW_CHANGE = [
  'requestId',
  'principalId',
  'reason',
  'references',
  'dryRun',
  'change',
  'status',
  'open',
  'createdAt',
  'updatedAt',
  'version',
  'ttl',
];

/**
 * Answers reviews of everybody's access, and takes decisions on them.
 * INVARIANT: it opens changes, and neither votes on a request nor claims one.
 */
export const accessReviews: FunctionSpec = {
  entry: 'lambdas/access-reviews/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 20,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'accessReviews', 'GetItem', 'PutItem', 'Query'),
    items(on, 'requests', 'GetItem'),
    putWithOnly(on, 'requests', OF_A_NEW_CHANGE),
    items(on, 'principals', 'GetItem'),
    items(on, 'policies', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'once', 'PutItem'),
    items(on, 'idempotency', 'GetItem', 'PutItem'),
    items(on, 'usage', 'GetItem', 'PutItem'),
    tableKey(on),
    startRequests(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: (on) => ({ ...place(on), ISSUERS: '' }),
  routes: ROUTES,
  tokenRoutes: ROUTES,
};
