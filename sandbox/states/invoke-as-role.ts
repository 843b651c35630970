import { isAllowed } from '../aws/authorize.ts';
import type { AwsCaller } from '../aws/types.ts';
import type { InvokeFunction } from './run-task.ts';
import { TaskError } from './task-error.ts';

/**
 * Invokes functions with the state machine's own role: one that the role may not invoke fails the task by the
 * name that it fails by on AWS, so that a permission missing there is missing here.
 */
export function invokeAsRole(role: AwsCaller, invoke: InvokeFunction): InvokeFunction {
  return async (functionArn, payload, signal) => {
    const allowed = isAllowed(role, { action: 'lambda:InvokeFunction', resource: functionArn });
    signal.throwIfAborted();
    if (allowed) return invoke(functionArn, payload, signal);
    throw new TaskError(
      'Lambda.AWSLambdaException',
      `User: ${role.arn} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`,
    );
  };
}
