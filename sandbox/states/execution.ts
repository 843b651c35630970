import type { History } from './history.ts';

type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How an execution ended. `output` is JSON text. */
export type ExecutionEnd =
  | { status: 'SUCCEEDED'; output: string }
  | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; error?: string; cause?: string };

/** One execution: what was asked, how far it is, and everything that happened. Times in milliseconds. */
export type Execution = {
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  /** The input as the caller sent it: JSON text. */
  readonly input: string;
  readonly startDate: number;
  readonly history: History;
  end?: ExecutionEnd & { stopDate: number };
};

export function statusOf(execution: Execution): ExecutionStatus {
  return execution.end?.status ?? 'RUNNING';
}
