import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { FunctionSpec } from './functions/function-spec.ts';
import { executionArnOf } from './states/arns.ts';
import type { StateMachineSpec } from './states/asl-types.ts';
import { createHistory } from './states/history.ts';
import { type StatusEvent, statusEventOf } from './states/status-event.ts';

/**
 * After a restart: executions live in memory, so every request still open has lost its own. Each is closed by
 * close-request, as if its execution had been aborted; the index of open requests is read with that function's
 * own keys. Answers the ids of the requests.
 */
export async function closeOpenRequests(
  { env }: FunctionSpec,
  stateMachine: StateMachineSpec,
  close: (event: StatusEvent) => Promise<unknown>,
): Promise<string[]> {
  const client = clientOf(env);
  const closed: string[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: env.REQUESTS_TABLE,
      IndexName: 'byOpen',
      KeyConditionExpression: '#open = :open',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':open': { S: 'open' } },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { requestId } of Items) {
      if (requestId?.S === undefined) continue;
      await close(lostExecutionEvent(stateMachine, requestId.S));
      closed.push(requestId.S);
    }
  }
  client.destroy();
  return closed;
}

function clientOf(env: Record<string, string>): DynamoDBClient {
  const { AWS_ENDPOINT_URL = '', AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = env;
  return new DynamoDBClient({
    endpoint: AWS_ENDPOINT_URL,
    region: AWS_REGION,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN !== undefined && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  });
}

function lostExecutionEvent({ arn }: StateMachineSpec, name: string): StatusEvent {
  return statusEventOf({
    arn: executionArnOf(arn, name),
    name,
    stateMachineArn: arn,
    input: '{}',
    startDate: Date.now(),
    history: createHistory(),
    end: { status: 'ABORTED', error: 'SandboxRestarted', stopDate: Date.now() },
  });
}
