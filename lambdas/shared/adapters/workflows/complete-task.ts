import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { callAws } from '../runtime/call-aws.ts';

/** A wait that is over: it timed out, or was completed already. */
const OVER = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/**
 * Completes a waiting task. `gone`: its wait is over, so nothing was changed.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export const completeTask = (
  client: SFNClient,
  taskToken: string,
  output: unknown,
): Promise<'completed' | 'gone'> =>
  callAws('Step Functions', async () => {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
      return 'completed';
    } catch (error) {
      if (error instanceof Error && OVER.has(error.name)) return 'gone';
      throw error;
    }
  });
