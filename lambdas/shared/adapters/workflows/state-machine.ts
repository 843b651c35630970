import { type SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { AccessRequest } from '../../domain/access-request.ts';
import { executionArnOf } from '../../domain/execution-arn.ts';
import { callAws } from '../runtime/call-aws.ts';
import { completeTask } from './complete-task.ts';

/** Waits for a call; an error of this name is an answer too. */
async function orNamed(call: Promise<unknown>, name: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error && error.name === name)) throw error;
  }
}

/**
 * The access-request state machine, as callers of it see it.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function makeStateMachine(deps: { client: SFNClient; stateMachineArn: string }) {
  const { client, stateMachineArn } = deps;
  return {
    /**
     * Starts the execution named after the request, with the request as its input. Starting it again changes
     * nothing, whether it still runs (same name and input) or has ended (`ExecutionAlreadyExists`).
     */
    async start(request: AccessRequest): Promise<void> {
      await callAws('Step Functions', () =>
        orNamed(
          client.send(
            new StartExecutionCommand({
              stateMachineArn,
              name: request.requestId,
              input: JSON.stringify({ request }),
            }),
          ),
          'ExecutionAlreadyExists',
        ),
      );
    },

    /** Stops the request's execution; no error where there is none, or where it has ended. */
    async stop(requestId: string, cause: string): Promise<void> {
      await callAws('Step Functions', () =>
        orNamed(
          client.send(
            new StopExecutionCommand({ executionArn: executionArnOf(stateMachineArn, requestId), cause }),
          ),
          'ExecutionDoesNotExist',
        ),
      );
    },

    /** Completes a waiting task. `gone`: it timed out or was completed already, so nothing was changed. */
    completeTask: (taskToken: string, output: unknown) => completeTask(client, taskToken, output),
  };
}
