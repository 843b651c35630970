import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { CallbackMessage, Settlement } from '../../domain/callback.ts';
import { callAws } from '../runtime/call-aws.ts';

/** Answers of Step Functions that trying again will not change. */
const SETTLED: Readonly<Record<string, Settlement>> = {
  TaskTimedOut: 'gone',
  TaskDoesNotExist: 'gone',
  InvalidToken: 'refused',
  // A token says nothing of its state machine: IAM, which knows it, is what refuses one that is not on the list.
  AccessDeniedException: 'refused',
};

/**
 * Ends the waiting task of a caller's workflow. Ending it again changes nothing (`gone`).
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
export function makeCallersTasks({ client }: { client: SFNClient }) {
  const send = (taskToken: string, message: CallbackMessage): Promise<unknown> =>
    message.kind === 'success'
      ? client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(message.output) }))
      : client.send(new SendTaskFailureCommand({ taskToken, error: message.error, cause: message.cause }));

  return {
    end: (taskToken: string, message: CallbackMessage): Promise<Settlement> =>
      callAws('Step Functions', async () => {
        try {
          await send(taskToken, message);
          return 'delivered';
        } catch (error) {
          const settled = error instanceof Error ? SETTLED[error.name] : undefined;
          if (settled === undefined) throw error;
          return settled;
        }
      }),
  };
}
export type CallersTasks = ReturnType<typeof makeCallersTasks>;
