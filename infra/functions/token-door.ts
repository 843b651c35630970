import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { index, items, itemsButTokens, itemsWithKeys, tableKey, votes } from '../grants/on-tables.ts';
import { startRequests, startRevocations, stopRequests, wakeRequests } from '../grants/workflows.ts';
import { frontDoor } from './front-door.ts';

/**
 * The front door for callers that bring a token. A workflow that is to be called back has a role to sign with, so it
 * does not come in here.
 */
export const tokenDoor: FunctionSpec = {
  ...frontDoor,
  entry: 'lambdas/token-door/handler.ts',
  grants: (on) => [
    itemsButTokens(on, 'callbacks', 'GetItem'),
    votes(on, 'approvals', 'Query'),
    items(on, 'requests', 'GetItem', 'PutItem', 'UpdateItem'),
    index(on, 'requests', 'byPrincipal'),
    index(on, 'requests', 'byOpen'),
    items(on, 'principals', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'policies', 'GetItem'),
    itemsWithKeys(on, 'directory', ['template'], 'GetItem'),
    items(on, 'idempotency', 'GetItem', 'PutItem'),
    items(on, 'once', 'PutItem'),
    items(on, 'denials', 'GetItem'),
    items(on, 'delegations', 'GetItem', 'PutItem', 'UpdateItem'),
    index(on, 'delegations', 'byPrincipal'),
    items(on, 'calls', 'Query'),
    items(on, 'usage', 'GetItem', 'PutItem'),
    tableKey(on),
    startRequests(on),
    stopRequests(on),
    wakeRequests(on),
    startRevocations(on),
  ],
  variables: (on) => ({ ...frontDoor.variables?.(on), CALLBACKS_ALLOWED: 'false' }),
  reservedConcurrency: ({ tokenDoorConcurrency }) =>
    tokenDoorConcurrency === 'unreserved' ? undefined : tokenDoorConcurrency,
  routes: undefined,
  tokenRoutes: frontDoor.routes,
};
