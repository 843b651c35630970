import { setImmediate as nextTick } from 'node:timers/promises';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { adaptDefinition } from './adapt-definition.ts';
import type { JsonValue, StateMachineSpec } from './asl-types.ts';
import type { Execution, ExecutionEnd } from './execution.ts';
import { startLongTimer } from './long-timer.ts';
import { recordStateEvent } from './record-state-event.ts';
import { type InvokeFunction, runTask } from './run-task.ts';
import { ExecutionClosed, TaskError } from './task-error.ts';
import type { TaskWaits } from './task-waits.ts';

/** An execution under way. */
export type Run = {
  /** Resolves once the execution has ended, in whatever way, and its history is complete. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends it from outside; false where it had ended already. No handler of it starts after this returns. */
  end(end: ExecutionEnd): boolean;
};

export type RunOptions = { invoke: InvokeFunction; waits: TaskWaits; clockSpeed: number };

/** Makes the function that runs executions of one state machine. Throws where the engine cannot run it. */
export function makeRunner(spec: StateMachineSpec, { invoke, waits, clockSpeed }: RunOptions) {
  const { definition, timeoutSeconds } = adaptDefinition(spec.definition, clockSpeed);
  const machine = new StateMachine(definition as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  const tasks = Object.entries(spec.definition.States).filter(([, state]) => state.Type === 'Task');

  return function run(execution: Execution): Run {
    const closing = new AbortController();
    const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>();
    let token: string | undefined;

    function end(result: ExecutionEnd): boolean {
      if (execution.end) return false;
      // INVARIANT: set before anything else, so that no task of this execution starts from here on: on an abort
      // during a retry's back-off the engine runs the task once more.
      execution.end = { ...result, stopDate: Date.now() };
      closing.abort(new ExecutionClosed());
      timer.cancel();
      engine.abort();
      return true;
    }

    const handlers = tasks.map(([name, state]) => {
      const handler = async (input: unknown): Promise<JsonValue> => {
        // The engine hands its events over in microtasks: by the next tick TaskStateEntered is in the history.
        await nextTick();
        closing.signal.throwIfAborted();
        const taskToken = token ?? waits.newToken();
        token = undefined;
        return runTask({
          state,
          input,
          taskToken,
          history: execution.history,
          invoke,
          waits,
          clockSpeed,
          signal: closing.signal,
        });
      };
      return [name, handler] as const;
    });

    execution.history.add(
      'ExecutionStarted',
      { input: execution.input, roleArn: spec.roleArn },
      execution.startDate,
    );
    const engine = machine.run(JSON.parse(execution.input), {
      overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
      context: {
        Execution: { Id: execution.arn, Name: execution.name, RoleArn: spec.roleArn },
        StateMachine: { Id: spec.arn, Name: spec.name },
        Task: {
          // One token for one entry of a state, however often it is read: the handler takes it and clears it.
          get Token() {
            token ??= waits.newToken();
            return token;
          },
        },
      },
    });
    const timer = startLongTimer((timeoutSeconds * 1000) / clockSpeed, () => end({ status: 'TIMED_OUT' }));

    const recorded = (async () => {
      for await (const event of engine.eventLogs) recordStateEvent(execution.history, event);
    })();
    void engine.result
      .then((output) => end({ status: 'SUCCEEDED', output: JSON.stringify(output) }))
      .catch((error) => end(failureOf(error)))
      .then(() => recorded)
      .then(() => recordEnd(execution))
      .then(markEnded);
    return { ended, end };
  };
}

/** The engine wraps what ended an execution; `cause` is the error a task or a Fail state ended with. */
function failureOf(error: unknown): ExecutionEnd {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof TaskError || inner instanceof Error) {
    return { status: 'FAILED', error: inner.name, cause: inner.message };
  }
  return { status: 'FAILED', error: 'States.Runtime', cause: String(inner) };
}

function recordEnd({ history, end }: Execution): void {
  if (!end) return;
  const { stopDate, status, ...details } = end;
  const type = {
    SUCCEEDED: 'ExecutionSucceeded',
    FAILED: 'ExecutionFailed',
    TIMED_OUT: 'ExecutionTimedOut',
    ABORTED: 'ExecutionAborted',
  }[status];
  history.add(type, details, stopDate);
}
