import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, itemsWithKeys, tableKey, tokens, votes } from '../grants/on-tables.ts';
import { pagePeople } from '../grants/page-people.ts';
import { stepFunctionsConsole } from '../grants/place.ts';
import { readSlackSecret } from '../grants/secrets.ts';
import { wakeRequests } from '../grants/workflows.ts';

/** Asks the people of a tier in Slack, and keeps the token of the wait for them. */
export const requestApproval: FunctionSpec = {
  entry: 'lambdas/request-approval/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [
    tokens(on, 'approvals', 'PutItem'),
    votes(on, 'approvals', 'Query'),
    items(on, 'requests', 'GetItem', 'UpdateItem'),
    items(on, 'principals', 'GetItem'),
    items(on, 'policies', 'GetItem'),
    itemsWithKeys(on, 'directory', ['template'], 'GetItem'),
    items(on, 'messages', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
    readSlackSecret(on),
    appendAudit(on),
    tableKey(on),
    wakeRequests(on),
    pagePeople(),
  ],
  variables: stepFunctionsConsole,
};
