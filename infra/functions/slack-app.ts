import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, itemsButTokens, tableKey, tokens } from '../grants/on-tables.ts';
import { stepFunctionsConsole } from '../grants/place.ts';
import { readSlackSecret, readStepUpSecrets } from '../grants/secrets.ts';
import { startRequests, startRevocations, wakeRequests } from '../grants/workflows.ts';

/** The Slack app: takes votes and requests, and revokes. */
export const slackApp: FunctionSpec = {
  entry: 'slack-app/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'requests', 'GetItem', 'PutItem'),
    tokens(on, 'approvals', 'GetItem'),
    itemsButTokens(on, 'approvals', 'PutItem', 'UpdateItem', 'Query'),
    items(on, 'messages', 'GetItem'),
    items(on, 'once', 'PutItem', 'UpdateItem', 'DeleteItem'),
    items(on, 'principals', 'GetItem'),
    items(on, 'awsPrincipals', 'GetItem'),
    items(on, 'idempotency', 'GetItem', 'PutItem'),
    items(on, 'usage', 'GetItem', 'PutItem'),
    items(on, 'denials', 'GetItem'),
    readSlackSecret(on),
    readStepUpSecrets(on),
    tableKey(on),
    startRequests(on),
    wakeRequests(on),
    startRevocations(on),
  ],
  variables: stepFunctionsConsole,
  // Slack signs its calls in a way of its own, which the function checks.
  routes: { signed: [], unsigned: ['POST /slack/events'] },
};
