import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { items, tableKey } from '../grants/on-tables.ts';

/** Loads the principal and its policy, and the review of the same request where reviews are remembered. */
export const loadPolicy: FunctionSpec = {
  entry: 'lambdas/load-policy/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [
    // Scan: whether a bundle of changes would leave anybody who approves.
    items(on, 'principals', 'GetItem', 'Scan'),
    items(on, 'policies', 'GetItem'),
    items(on, 'reviews', 'GetItem'),
    ...(on.settings.facts ? [items(on, 'facts', 'Query')] : []),
    tableKey(on),
  ],
  // Empty: those of config/facts.json. The sandbox has one of its own.
  variables: () => ({ FACT_SOURCES: '' }),
};
