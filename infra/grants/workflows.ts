import { allow } from './allow.ts';
import { callerMachineArn, executionArns, revokeMachineArn, stateMachineArn } from './arns.ts';
import type { Grant, Resources } from './grant.ts';

const onExecutions = ({ scope }: Resources, action: string): Grant => {
  const arn = executionArns(scope);
  return {
    statements: [allow([action], arn)],
    variables: {},
    wildcards: [{ arn, reason: 'Executions are named when they start.' }],
  };
};

/** Starts the workflow of a request. */
export const startRequests = ({ scope }: Resources): Grant => ({
  statements: [allow(['states:StartExecution'], stateMachineArn(scope))],
  variables: {},
});

/** Stops the workflow of a request that was cancelled or revoked. */
export const stopRequests = (on: Resources): Grant => onExecutions(on, 'states:StopExecution');

/** Reads how the workflow of a request ended; not what went through it. */
export const describeRequests = (on: Resources): Grant => onExecutions(on, 'states:DescribeExecution');

/** Wakes a request's workflow that waits for a vote or a claim. What woke it carries no weight there. */
export const wakeRequests = ({ scope }: Resources): Grant => ({
  statements: [allow(['states:SendTaskSuccess'], stateMachineArn(scope))],
  variables: {},
});

/** Starts the workflow that ends sessions before their time. */
export function startRevocations({ scope }: Resources): Grant {
  const arn = revokeMachineArn(scope);
  return {
    statements: [allow(['states:StartExecution'], arn)],
    variables: { REVOKE_MACHINE_ARN: arn },
  };
}

/**
 * Completes tasks of callers' workflows that wait on a request.
 * INVARIANT: this decides whose tokens are completed. Without a machine on the list, nobody's are.
 */
export function completeCallersTasks({ scope, settings }: Resources): Grant {
  const arns = settings.callbackStateMachines.map((name) => callerMachineArn(scope, name));
  return {
    statements: arns.length > 0 ? [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], ...arns)] : [],
    variables: {},
  };
}
