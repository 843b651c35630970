import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { callAws } from './call-aws.ts';

/** A wait that is over already needs no waking. */
const OVER = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Completes an approval wait. It carries nothing: who reads the votes reads them from the table. */
export function makeWakeExecution(deps: { client: SFNClient }) {
  return (taskToken: string): Promise<void> =>
    callAws('Step Functions', async () => {
      try {
        await deps.client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
      } catch (error) {
        if (!(error instanceof Error && OVER.has(error.name))) throw error;
      }
    });
}
