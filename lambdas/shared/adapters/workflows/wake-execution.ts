import type { SFNClient } from '@aws-sdk/client-sfn';
import { completeTask } from './complete-task.ts';

/**
 * Completes an approval wait; one that is over needs no waking. It carries nothing: who reads the votes reads them
 * from the table.
 */
export function makeWakeExecution({ client }: { client: SFNClient }) {
  return async (taskToken: string): Promise<void> => {
    await completeTask(client, taskToken, {});
  };
}
