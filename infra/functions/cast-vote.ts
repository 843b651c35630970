import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { index, items, tableKey, tokens, votes } from '../grants/on-tables.ts';
import { readStepUpSecrets } from '../grants/secrets.ts';
import { wakeRequests } from '../grants/workflows.ts';

const ROUTES = {
  signed: [
    'GET /requests/{id}/votes',
    'POST /requests/{id}/votes',
    'POST /requests/{id}/votes/challenge',
    'GET /approvals',
    'GET /passkeys',
  ],
  unsigned: [],
} as const satisfies FunctionSpec['routes'];

/**
 * Takes votes of approvers who are not in Slack.
 * INVARIANT: it opens no request and writes no row of one, so that whoever votes cannot claim what they let through.
 */
export const castVote: FunctionSpec = {
  entry: 'lambdas/cast-vote/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'requests', 'GetItem'),
    index(on, 'requests', 'byOpen'),
    tokens(on, 'approvals', 'GetItem'),
    votes(on, 'approvals', 'PutItem', 'Query'),
    items(on, 'messages', 'GetItem'),
    items(on, 'once', 'PutItem', 'UpdateItem', 'DeleteItem'),
    items(on, 'principals', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    readStepUpSecrets(on),
    tableKey(on),
    wakeRequests(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: ({ settings }) => ({ ISSUERS: '', CONSOLE_ORIGIN: settings.passkeyOrigin ?? '' }),
  routes: ROUTES,
  tokenRoutes: ROUTES,
};
