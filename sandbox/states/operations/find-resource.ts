import { isExecutionArn, isStateMachineArn } from '../arns.ts';
import type { Engine } from '../engine.ts';
import type { Execution } from '../execution.ts';
import { statesError } from '../states-error.ts';

/** The execution of an ARN. Throws InvalidArn or ExecutionDoesNotExist. */
export function requireExecution(engine: Engine, arn: string): Execution {
  if (!isExecutionArn(arn)) throw statesError('InvalidArn', `Invalid Arn: '${arn}'`);
  const execution = engine.store.find(arn);
  if (!execution) throw statesError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** Throws InvalidArn or StateMachineDoesNotExist unless the ARN is the engine's state machine. */
export function requireStateMachine(engine: Engine, arn: string): void {
  if (!isStateMachineArn(arn)) throw statesError('InvalidArn', `Invalid Arn: '${arn}'`);
  if (arn !== engine.spec.arn) {
    throw statesError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }
}
