const EXECUTION = /^(arn:[a-z-]+:states:[a-z0-9-]+:\d{12}):execution:([^:]+):([^:]+)$/;

export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

export function isExecutionArn(arn: string): boolean {
  return EXECUTION.test(arn);
}

export function isStateMachineArn(arn: string): boolean {
  return /^arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+$/.test(arn);
}
