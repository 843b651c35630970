import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, tableKey } from '../grants/on-tables.ts';

/** Takes facts that sources outside have signed. It writes them down, and can do nothing else. */
export const takeFact: FunctionSpec = {
  entry: 'lambdas/take-fact/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 15,
  invokedBy: 'api',
  grants: (on) => (on.settings.facts ? [items(on, 'facts', 'GetItem', 'PutItem'), tableKey(on)] : []),
  // Empty: those of config/facts.json. The sandbox has one of its own.
  variables: () => ({ FACT_SOURCES: '' }),
};
