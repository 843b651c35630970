import { partsOfArn } from '../../../policy/arn/parts-of-arn.ts';
import { hostsOf } from '../domain/partition-hosts.ts';

/**
 * Where an execution is shown: in Postern's console where there is one, else in that of Step Functions, in the
 * execution's own partition and region.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-view-execution-details.html
 */
export function executionUrlOf(
  execution: { requestId: string; executionArn: string | undefined },
  consoleUrl: string | undefined,
): string | undefined {
  const { requestId, executionArn } = execution;
  if (consoleUrl) return `${consoleUrl}/requests/${requestId}`;
  const hosts = executionArn && hostsOf(executionArn);
  if (!hosts) return undefined;
  const { region } = partsOfArn(executionArn);
  return `https://${region}.${hosts.console}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}
