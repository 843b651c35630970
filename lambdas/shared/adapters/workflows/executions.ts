import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { executionArnOf } from '../../domain/execution-arn.ts';
import { callAws } from '../runtime/call-aws.ts';

/** Reads how far the execution of a request is, by the request's id. */
export function makeExecutions(deps: { client: SFNClient; stateMachineArn: string }) {
  return {
    /** `lost`: Step Functions knows none of that name; it keeps those that ended for 90 days. */
    stateOf: (requestId: string): Promise<'running' | 'ended' | 'lost'> =>
      callAws('Step Functions', async () => {
        try {
          const { status } = await deps.client.send(
            // Without the data it needs no key: the machine's is not for those that only ask how far it is.
            new DescribeExecutionCommand({
              executionArn: executionArnOf(deps.stateMachineArn, requestId),
              includedData: 'METADATA_ONLY',
            }),
          );
          return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
        } catch (error) {
          if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return 'lost';
          throw error;
        }
      }),
  };
}
