import { makeMacKey } from '../shared/adapters/audit/mac-key.ts';
import { loadConfig } from '../shared/adapters/config/load-config.ts';
import { kmsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeValidateDecision, reviewedStateSchema } from './seal-verdict.ts';

export const handler = runWorkflowStep('validate-decision', reviewedStateSchema, () =>
  makeValidateDecision({
    rulebook: loadConfig,
    sealKey: makeMacKey({ client: kmsClient(), keyId: requiredEnv('SEAL_KEY_ID') }),
    clock: () => new Date(),
    milliseconds: () => performance.now(),
  }),
);
