import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { tableKey } from '../grants/on-tables.ts';
import { denySessions } from '../grants/sessions.ts';

/** Takes back the denial of a session that has ended by itself. */
export const liftRevocation: FunctionSpec = {
  entry: 'lambdas/lift-revocation/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 25,
  invokedBy: 'state',
  grants: (on) => [denySessions(on), tableKey(on)],
};
