const EXECUTION = /^(arn:[a-z-]+:states:[a-z0-9-]+:\d{12}):execution:([^:]+):([^:]+)$/;

export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** The ARN of the state machine that an execution's ARN names. */
export function stateMachineArnOf(executionArn: string): string {
  return executionArn.replace(EXECUTION, '$1:stateMachine:$2');
}

export function isExecutionArn(arn: string): boolean {
  return EXECUTION.test(arn);
}

export function isStateMachineArn(arn: string): boolean {
  return /^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+$/.test(arn);
}
