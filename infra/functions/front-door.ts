import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { index, items, itemsButTokens, itemsWithKeys, tableKey, tokens, votes } from '../grants/on-tables.ts';
import { startRequests, startRevocations, stopRequests, wakeRequests } from '../grants/workflows.ts';

/** Takes requests and changes, answers how they are, and hands credentials over. */
export const frontDoor: FunctionSpec = {
  entry: 'lambdas/front-door/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 29,
  invokedBy: 'api',
  grants: (on) => [
    tokens(on, 'callbacks', 'PutItem'),
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
  variables: ({ settings }) => ({
    // Empty: those of config/issuers.json. The sandbox has one of its own.
    ISSUERS: '',
    GATEWAYS: settings.gateways ? JSON.stringify(settings.gateways) : '',
    CALLBACKS_ALLOWED: String(settings.callbackStateMachines.length > 0),
    // Empty: that of the session's partition. The sandbox has one of its own.
    FEDERATION_ENDPOINT: '',
    REQUIRE_RECIPIENT_KEY: String(settings.requireRecipientKey),
  }),
  reservedConcurrency: ({ frontDoorConcurrency }) =>
    frontDoorConcurrency === 'unreserved' ? undefined : frontDoorConcurrency,
  routes: {
    signed: [
      'POST /requests',
      'GET /requests',
      'GET /requests/{id}',
      'POST /requests/{id}/credentials',
      'POST /requests/{id}/cancel',
      'POST /requests/{id}/revoke',
      'POST /requests/{id}/review',
      'GET /break-glass',
      'POST /changes',
      'POST /passkeys',
      'POST /passkeys/{id}/revoke',
      'POST /credentials',
      'POST /delegations',
      'POST /calls',
      'GET /gateway-sessions',
      'POST /gateway-sessions/{id}/end',
      'GET /gateway-sessions/{id}/calls',
    ],
    unsigned: ['GET /openapi.json', 'GET /healthz'],
  },
};
