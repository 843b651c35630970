import { executionArnOf } from './arns.ts';
import type { StateMachineSpec } from './asl-types.ts';
import { type Execution, statusOf } from './execution.ts';
import type { ExecutionArchive } from './execution-archive.ts';
import { createExecutionStore } from './execution-store.ts';
import { createHistory } from './history.ts';
import { makeRunner, type Run, type RunOptions } from './run-execution.ts';
import { type StatusEvent, statusEventOf } from './status-event.ts';

export type Engine = ReturnType<typeof createEngine>;

type EngineOptions = RunOptions & {
  spec: StateMachineSpec;
  createdAt: number;
  /** Told of every execution that FAILED, TIMED_OUT or was ABORTED, as EventBridge would be. */
  onClosed: (event: StatusEvent) => void;
  /** Where executions that have ended outlive the process. */
  archive?: ExecutionArchive;
};

/** The executions of one state machine: starts them, ends them, tells of those that ended abnormally. */
export function createEngine(options: EngineOptions) {
  const { spec, waits, onClosed, archive } = options;
  const store = createExecutionStore();
  for (const execution of archive?.load() ?? [])
    if (execution.stateMachineArn === spec.arn) store.add(execution);
  const runs = new Map<string, Run>();
  const run = makeRunner(spec, options);
  let closing = false;

  function afterEnd(execution: Execution): void {
    runs.delete(execution.arn);
    archive?.save(execution);
    if (!closing && statusOf(execution) !== 'SUCCEEDED') onClosed(statusEventOf(execution));
  }

  return {
    spec,
    createdAt: options.createdAt,
    store,
    waits,
    /** Starts an execution whose name is free. */
    start(name: string, input: string): Execution {
      const execution: Execution = {
        arn: executionArnOf(spec.arn, name),
        name,
        stateMachineArn: spec.arn,
        input,
        startDate: Date.now(),
        history: createHistory(),
      };
      store.add(execution);
      const started = run(execution);
      runs.set(execution.arn, started);
      void started.ended.then(() => afterEnd(execution));
      return execution;
    },
    /** Aborts a running execution; one that has ended stays as it is. */
    async abort(execution: Execution, error?: string, cause?: string): Promise<void> {
      const running = runs.get(execution.arn);
      running?.end({
        status: 'ABORTED',
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      });
      await running?.ended;
    },
    /**
     * Ends every execution and its timers, because the process is going down. Nobody is told: there is nobody
     * left to call. The next boot closes the rows that are still open.
     */
    async close(): Promise<void> {
      closing = true;
      const open = [...runs.values()];
      for (const running of open) running.end({ status: 'ABORTED', error: 'SandboxClosed' });
      await Promise.all(open.map((running) => running.ended));
    },
  };
}
