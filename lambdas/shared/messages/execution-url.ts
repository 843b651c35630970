/**
 * Where an execution is shown: in Postern's console where there is one, else in that of Step Functions.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-view-execution-details.html
 */
export function executionUrlOf(
  execution: { requestId: string; executionArn: string | undefined },
  consoleUrl: string | undefined,
): string | undefined {
  const { requestId, executionArn } = execution;
  if (consoleUrl) return `${consoleUrl}/executions/${requestId}`;
  const region = executionArn?.split(':')[3];
  if (!region) return undefined;
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}
