import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { executionArnOf } from '../arns.ts';
import type { Engine } from '../engine.ts';
import { statesError } from '../states-error.ts';
import { checkExecutionInput } from './execution-input.ts';
import { checkExecutionName } from './execution-name.ts';
import { requireStateMachine } from './find-resource.ts';
import { operation } from './operation.ts';

/**
 * Starts an execution. Idempotent by name, as on AWS: the name and input of a running execution answer that
 * one; any other reuse of a name is ExecutionAlreadyExists.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export const startExecution = operation({
  schema: z.object({
    stateMachineArn: z.string().min(1).max(256),
    name: z.string().min(1).max(80).optional(),
    input: z.string().default('{}'),
    traceHeader: z.string().max(256).optional(),
  }),
  resource: ({ stateMachineArn }) => stateMachineArn,
  run({ stateMachineArn, name = randomUUID(), input }, engine) {
    requireStateMachine(engine, stateMachineArn);
    checkExecutionName(name);
    checkExecutionInput(input);
    const { arn, startDate } = runningTwin(engine, name, input) ?? engine.start(name, input);
    return { executionArn: arn, startDate: startDate / 1000 };
  },
});

function runningTwin(engine: Engine, name: string, input: string) {
  const known = engine.store.find(executionArnOf(engine.spec.arn, name));
  if (known && (known.end || known.input !== input)) {
    throw statesError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
  }
  return known;
}
