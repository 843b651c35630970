import {
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { AccessRequest } from '../domain/access-request.ts';
import { callAws } from './call-aws.ts';
import { executionArnOf } from './execution-arn.ts';

const isNamed = (error: unknown, ...names: string[]) => error instanceof Error && names.includes(error.name);

/** Runs a call; an error of one of these names is an answer too. */
async function orNamed<T>(call: Promise<T>, ...names: string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, ...names)) return undefined;
    throw error;
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
    async completeTask(taskToken: string, output: unknown): Promise<'completed' | 'gone'> {
      const answer = await callAws('Step Functions', () =>
        orNamed(
          client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
          'TaskTimedOut',
          'TaskDoesNotExist',
          'InvalidToken',
        ),
      );
      return answer ? 'completed' : 'gone';
    },
  };
}
