import { randomUUID } from 'node:crypto';
import { type Execution, statusOf } from './execution.ts';

export type StatusEvent = ReturnType<typeof statusEventOf>;

/**
 * The event EventBridge delivers when an execution's status changes.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusEventOf(execution: Execution) {
  const [, , , region = '', account = ''] = execution.arn.split(':');
  const end = execution.end;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: new Date(end?.stopDate ?? execution.startDate).toISOString(),
    region,
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      status: statusOf(execution),
      startDate: execution.startDate,
      stopDate: end?.stopDate ?? null,
      input: execution.input,
      inputDetails: { included: true },
      output: end?.status === 'SUCCEEDED' ? end.output : null,
      outputDetails: end?.status === 'SUCCEEDED' ? { included: true } : null,
      ...(end &&
        end.status !== 'SUCCEEDED' && {
          ...(end.error !== undefined && { error: end.error }),
          ...(end.cause !== undefined && { cause: end.cause }),
        }),
    },
  };
}
