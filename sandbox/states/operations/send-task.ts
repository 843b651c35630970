import * as z from 'zod';
import type { Engine } from '../engine.ts';
import { statesError } from '../states-error.ts';
import { TaskError } from '../task-error.ts';
import { isStateData } from './execution-input.ts';
import { operation } from './operation.ts';

const taskToken = z.string().min(1).max(2048);
/** `states:SendTask*` can be limited to a state machine, never to a state or an execution. */
const resource = (_input: unknown, engine: Engine): string => engine.spec.arn;

export const sendTaskSuccess = operation({
  schema: z.object({ taskToken, output: z.string() }),
  resource,
  run(input, engine) {
    if (!isStateData(input.output))
      throw statesError('InvalidOutput', 'Invalid Output: not JSON of at most 256 KiB');
    requireOpenWait(engine, input.taskToken);
    engine.waits.end(input.taskToken, { output: input.output });
    return {};
  },
});

export const sendTaskFailure = operation({
  schema: z.object({
    taskToken,
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  resource,
  run(input, engine) {
    requireOpenWait(engine, input.taskToken);
    engine.waits.end(input.taskToken, new TaskError(input.error ?? '', input.cause));
    return {};
  },
});

/** Tells whether a token still waits. The sandbox runs no heartbeat timeouts (adapt-definition refuses them). */
export const sendTaskHeartbeat = operation({
  schema: z.object({ taskToken }),
  resource,
  run(input, engine) {
    requireOpenWait(engine, input.taskToken);
    return {};
  },
});

/** Throws as AWS does: TaskTimedOut also stands for a wait that was completed or cancelled. */
function requireOpenWait(engine: Engine, token: string): void {
  const state = engine.waits.stateOf(token);
  if (state === 'invalid') throw statesError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (state === 'unknown') throw statesError('TaskDoesNotExist', 'Task does not exist');
  if (state === 'closed')
    throw statesError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}
