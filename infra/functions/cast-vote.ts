import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { index, items, itemsButTokens, tableKey, tokens } from '../grants/on-tables.ts';
import { readStepUpSecrets } from '../grants/secrets.ts';
import { wakeRequests } from '../grants/workflows.ts';

const ROUTES = {
  signed: ['GET /requests/{id}/votes', 'POST /requests/{id}/votes', 'GET /approvals'],
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
    itemsButTokens(on, 'approvals', 'PutItem', 'Query'),
    items(on, 'messages', 'GetItem'),
    items(on, 'once', 'PutItem', 'UpdateItem', 'DeleteItem'),
    items(on, 'principals', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    readStepUpSecrets(on),
    tableKey(on),
    wakeRequests(on),
  ],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: () => ({ ISSUERS: '' }),
  routes: ROUTES,
  tokenRoutes: ROUTES,
};
