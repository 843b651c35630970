import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, putWithOnly, tableKey, tokens, votes } from '../grants/on-tables.ts';
import { stepFunctionsConsole } from '../grants/place.ts';
import { readSlackSecret, readStepUpSecrets } from '../grants/secrets.ts';
import { startRequests, startRevocations, wakeRequests } from '../grants/workflows.ts';

/**
 * What a request's row begins with.
 * INVARIANT: a claim is not in it. Whoever votes could otherwise write one over a row, and claim what they let through.
 */
const OF_A_NEW_REQUEST = [
  'requestId',
  'principalId',
  'reason',
  'durationSeconds',
  'subject',
  'dryRun',
  'slackOrigin',
  'shownIn',
  'status',
  'open',
  'createdAt',
  'updatedAt',
  'version',
  'ttl',
];

/** The Slack app: takes votes and requests, and revokes. */
export const slackApp: FunctionSpec = {
  entry: 'slack-app/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'api',
  grants: (on) => [
    items(on, 'requests', 'GetItem'),
    putWithOnly(on, 'requests', OF_A_NEW_REQUEST),
    tokens(on, 'approvals', 'GetItem'),
    votes(on, 'approvals', 'PutItem', 'UpdateItem', 'Query'),
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
