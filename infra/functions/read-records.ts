import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { verifyAudit } from '../grants/audit-log.ts';
import { index, items, tableKey } from '../grants/on-tables.ts';

const ROUTES = {
  signed: ['GET /sessions', 'GET /requests/{id}/execution', 'GET /audit', 'GET /audit/verification'],
  unsigned: [],
} as const satisfies FunctionSpec['routes'];

/**
 * Answers what auditors read, and of their own everybody.
 * INVARIANT: it writes nothing but the proofs of tokens that were used once.
 */
export const readRecords: FunctionSpec = {
  entry: 'lambdas/read-records/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 20,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'requests', 'GetItem'),
    index(on, 'requests', 'byLive'),
    items(on, 'audit', 'Query'),
    index(on, 'audit', 'byRequest'),
    items(on, 'principals', 'GetItem', 'Scan'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'once', 'PutItem'),
    tableKey(on),
    verifyAudit(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: () => ({ ISSUERS: '' }),
  routes: ROUTES,
  tokenRoutes: ROUTES,
};
