import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { appendAudit } from '../grants/audit-log.ts';
import { items, passkeyUses, tableKey, votes } from '../grants/on-tables.ts';

/** Reads the votes, and whether requester and voters still stand. */
export const tallyVotes: FunctionSpec = {
  entry: 'lambdas/tally-votes/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [
    votes(on, 'approvals', 'Query'),
    passkeyUses(on, 'approvals', 'GetItem', 'PutItem'),
    items(on, 'principals', 'GetItem'),
    ...(on.settings.facts ? [items(on, 'facts', 'Query')] : []),
    appendAudit(on),
    tableKey(on),
  ],
  variables: ({ settings }) => ({ CONSOLE_ORIGIN: settings.passkeyOrigin ?? '', FACT_SOURCES: '' }),
};
