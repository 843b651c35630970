import * as z from 'zod';
import { requireExecution } from './find-resource.ts';
import { operation } from './operation.ts';

/** Aborts an execution. One that has ended is left as it is and answers when it ended. */
export const stopExecution = operation({
  schema: z.object({
    executionArn: z.string().min(1).max(256),
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  resource: (input) => input.executionArn,
  async run({ executionArn, error, cause }, engine) {
    const execution = requireExecution(engine, executionArn);
    await engine.abort(execution, error, cause);
    return { stopDate: (execution.end?.stopDate ?? Date.now()) / 1000 };
  },
});
