import type { FunctionSpec } from '../constructs/functions/function-spec.ts';
import { place } from '../grants/place.ts';
import { makeSeal } from '../grants/seal.ts';

/** Decides, and seals what it grants: the only function that may make a seal. */
export const validateDecision: FunctionSpec = {
  entry: 'lambdas/validate-decision/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'state',
  grants: (on) => [makeSeal(on)],
  // Empty: those of config/issuers.json. The sandbox has one of its own.
  variables: (on) => ({ ...place(on), ISSUERS: '' }),
};
