import type { AwsCall, AwsService } from '../aws/types.ts';
import { stateMachineArnOf } from './arns.ts';
import type { StateMachineSpec } from './asl-types.ts';
import { createEngine, type Engine } from './engine.ts';
import type { ExecutionArchive } from './execution-archive.ts';
import type { StartTimer } from './long-timer.ts';
import {
  describeStateMachine,
  describeStateMachineForExecution,
  listStateMachines,
} from './operations/describe-state-machine.ts';
import type { Operation } from './operations/operation.ts';
import { describeExecution, getExecutionHistory, listExecutions } from './operations/read-executions.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './operations/send-task.ts';
import { startExecution } from './operations/start-execution.ts';
import { stopExecution } from './operations/stop-execution.ts';
import type { InvokeFunction } from './run-task.ts';
import { statesError } from './states-error.ts';
import type { StatusEvent } from './status-event.ts';
import { createTaskWaits } from './task-waits.ts';

const OPERATIONS = {
  StartExecution: startExecution,
  StopExecution: stopExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  DescribeStateMachine: describeStateMachine,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  ListStateMachines: listStateMachines,
};

/** A state machine, and what it reaches the world by. */
export type Machine = {
  spec: StateMachineSpec;
  /** Invokes functions as the machine's role. */
  invoke: InvokeFunction;
  /** Told of every execution that FAILED, TIMED_OUT or was ABORTED, in EventBridge's shape. */
  onClosed?: (event: StatusEvent) => void;
};

export type StatesServiceOptions = {
  machines: readonly [Machine, ...Machine[]];
  /** Divides retry intervals, `Wait` states, waits for a task token, and the execution's own timeout. */
  clockSpeed?: number;
  /** Times the waits for a task token; by the machine's own clock without it. */
  startTimer?: StartTimer;
  /** Where executions that have ended outlive the process; in memory only without it. */
  archive?: ExecutionArchive;
};

export type StatesService = Omit<AwsService, 'handle'> & {
  /** Who may call was decided before: an operation is the same for everybody. */
  handle(call: Pick<AwsCall, 'operation' | 'input'> & Partial<AwsCall>): Promise<unknown>;
  close(): Promise<void>;
};

/** The Step Functions JSON API (`AWSStepFunctions.*`) over an engine for each Standard state machine. */
export function createStatesService(options: StatesServiceOptions): StatesService {
  const engines = options.machines.map(({ spec, invoke, onClosed }) =>
    createEngine({
      spec,
      invoke,
      onClosed: onClosed ?? (() => {}),
      clockSpeed: options.clockSpeed ?? 1,
      waits: createTaskWaits(options.startTimer),
      createdAt: Date.now(),
      ...(options.archive && { archive: options.archive }),
    }),
  );
  return {
    name: 'states',
    authorizations({ operation, input }: AwsCall) {
      const resource = operationOf(operation).resource(input, engineFor(input, engines));
      // A call that names no resource needs to be allowed on all; it is then refused as invalid.
      return [{ action: `states:${operation}`, resource: resource ?? '*' }];
    },
    async handle({ operation, input }) {
      const { schema, run } = operationOf(operation);
      const parsed = schema.safeParse(input);
      if (parsed.success) return run(parsed.data, engineFor(input, engines), engines);
      const [issue] = parsed.error.issues;
      throw statesError('ValidationException', `Value at '${issue?.path.join('.')}': ${issue?.message}`);
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}

/**
 * The engine that a call is about, by the ARN or the task token in it. A call that names none that is known is
 * the first one's to refuse.
 */
function engineFor(input: Record<string, unknown>, engines: readonly Engine[]): Engine {
  const { executionArn, taskToken } = input;
  const arn =
    typeof executionArn === 'string' ? stateMachineArnOf(executionArn) : String(input.stateMachineArn);
  const found = engines.find(
    ({ spec, waits }) =>
      spec.arn === arn ||
      (typeof taskToken === 'string' && ['open', 'closed'].includes(waits.stateOf(taskToken))),
  );
  const [first] = engines;
  if (!first) throw new Error('the states service has no state machine');
  return found ?? first;
}

function operationOf(name: string): Operation<unknown> {
  const found = Object.entries(OPERATIONS).find(([known]) => known === name)?.[1];
  if (!found) throw statesError('UnknownOperationException', `Unknown operation ${name}`);
  return found as Operation<unknown>;
}
