import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sealerFor } from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import type { SessionCredentials } from '../../../lambdas/shared/domain/session.ts';

const REQUESTS = 'postern_requests';
const TABLES = {
  REQUESTS_TABLE: [REQUESTS, 'requestId'],
  PRINCIPALS_TABLE: ['users_table', 'id'],
  POLICIES_TABLE: ['policy_table', 'principalId'],
  AWS_PRINCIPALS_TABLE: ['postern_aws_principals', 'arn'],
  IDEMPOTENCY_TABLE: ['postern_idempotency', 'key'],
  USAGE_TABLE: ['postern_usage', 'principalId'],
  CALLBACKS_TABLE: ['postern_callbacks', 'key'],
  APPROVALS_TABLE: ['postern_approvals', 'requestId', 'item'],
} as const;
const ARN = 'arn:aws:iam::123456789012:role/support-agent';
const SESSION: SessionCredentials = {
  accessKeyId: 'ASIASESSION000000000',
  secretAccessKey: 'session-secret',
  sessionToken: 'session-token',
  expiration: '2026-11-20T22:15:00.000Z',
  assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/postern-brokered/x',
};

const listen = (server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}) =>
  new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );

const dynamo = dynalite({ createTableMs: 0 });
let states: Server;
let documents: DynamoDBDocumentClient;
let handler: (event: unknown) => Promise<unknown>;
/** What Step Functions was asked, by operation. */
const asked: { operation: string; input: Record<string, string> }[] = [];

/** The workflow's part of a request, as far as the front door sees it. */
async function workflow(operation: string, input: Record<string, string>): Promise<object> {
  asked.push({ operation, input });
  const set = (requestId: string, expression: string, values: object) =>
    documents.send(
      new UpdateCommand({
        TableName: REQUESTS,
        Key: { requestId },
        UpdateExpression: `SET ${expression}`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: values,
      }),
    );
  if (operation === 'StartExecution') {
    await set(input.name ?? '', '#status = :s, claimToken = :t', {
      ':s': 'READY',
      ':t': `token#${input.name}`,
    });
    return { executionArn: 'arn:execution', startDate: 1 };
  }
  if (operation !== 'SendTaskSuccess') return { stopDate: 1 };
  const requestId = input.taskToken?.split('#')[1] ?? '';
  const { recipientKey } = JSON.parse(input.output ?? '');
  const { secretAccessKey: _, sessionToken: __, ...known } = SESSION;
  await documents.send(
    new UpdateCommand({
      TableName: REQUESTS,
      Key: { requestId },
      UpdateExpression: 'SET #status = :s, #session = :m',
      ExpressionAttributeNames: { '#status': 'status', '#session': 'session' },
      ExpressionAttributeValues: {
        ':s': 'ISSUED',
        ':m': {
          ...known,
          sessionName: requestId,
          sourceIdentity: 'agent1',
          roleArn: 'arn:aws:iam::123456789012:role/postern-brokered',
          assumedRoleId: 'AROAEXAMPLE:x',
          sealed: await (await sealerFor(recipientKey)).seal(SESSION, requestId),
        },
      },
    }),
  );
  return {};
}

beforeAll(async () => {
  states = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const answer = await workflow(operation, JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer));
  });
  const endpoint = await listen(dynamo);
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SFN: await listen(states),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:123456789012:stateMachine:access-request',
    REVOKE_MACHINE_ARN: 'arn:aws:states:eu-central-1:123456789012:stateMachine:revoke-session',
    DIRECTORY_TABLE: 'postern_directory',
    DENIALS_TABLE: 'postern_denials',
    DELEGATIONS_TABLE: 'postern_delegations',
    CALLS_TABLE: 'postern_calls',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    ...Object.fromEntries(Object.entries(TABLES).map(([name, [table]]) => [name, table])),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const raw = new DynamoDBClient({});
  documents = DynamoDBDocumentClient.from(raw);
  for (const [TableName, key] of Object.values(TABLES)) {
    const keys = TableName === REQUESTS ? [key, 'principalId'] : [key];
    await raw.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
        ...(TableName === REQUESTS && {
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byPrincipal',
              KeySchema: [
                { AttributeName: 'principalId', KeyType: 'HASH' as const },
                { AttributeName: 'requestId', KeyType: 'RANGE' as const },
              ],
              Projection: { ProjectionType: 'ALL' as const },
            },
          ],
        }),
      }),
    );
  }
  const put = (TableName: string, Item: object) => documents.send(new PutCommand({ TableName, Item }));
  await put('postern_aws_principals', { arn: ARN, principalId: 'agent1' });
  await put('users_table', {
    id: 'agent1',
    type: 'agent',
    status: 'active',
    groups: [],
    awsPrincipals: [ARN],
    persons: ['ann'],
  });
  ({ handler } = await import('../../../lambdas/front-door/handler.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  documents.destroy();
  await Promise.all([dynamo, states].map((server) => new Promise((resolve) => server.close(resolve))));
});

async function call(httpMethod: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const url = new URL('../../cases/events-api/assumed-role.json', import.meta.url);
  const event = JSON.parse(readFileSync(url, 'utf8'));
  Object.assign(event, { httpMethod, path, body: body ? JSON.stringify(body) : null });
  Object.assign(
    event.multiValueHeaders,
    Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])),
  );
  const answer = (await handler(event)) as { statusCode: number; body: string };
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}

describe('the front door’s handler, with its real adapters', () => {
  const reason = 'Read the metrics for the weekly report';

  it('asks, claims and hands over; then lists, and refuses a second claim', async () => {
    const issued = await call('POST', '/credentials', { reason });
    expect(issued).toMatchObject({
      status: 200,
      body: { credentials: { sessionToken: SESSION.sessionToken } },
    });
    const { body } = await call('GET', '/requests');
    expect(body.requests).toMatchObject([
      { status: 'ISSUED', reason, session: { accessKeyId: SESSION.accessKeyId } },
    ]);
    const again = await call('POST', `/requests/${body.requests[0].requestId}/credentials`);
    expect([again.status, again.body.code]).toEqual([409, 'already_claimed']);
    expect(asked.map(({ operation }) => operation)).toEqual(['StartExecution', 'SendTaskSuccess']);
    expect(asked[0]?.input.name).toBe(body.requests[0].requestId);
  });

  it('makes one request of two with the same key, at once', async () => {
    const headers = { 'Idempotency-Key': 'k1' };
    const answers = await Promise.all([1, 2].map(() => call('POST', '/requests', { reason }, headers)));
    expect(new Set(answers.map(({ body }) => body.requestId)).size).toBe(1);
  });

  it('cancels a request that is ready, and stops its execution', async () => {
    const { body } = await call('POST', '/requests', { reason });
    const cancelled = await call('POST', `/requests/${body.requestId}/cancel`);
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELLED']);
    expect(asked.at(-1)?.input.executionArn).toContain(body.requestId);
  });

  it('proposes a change against the version that there is', async () => {
    await documents.send(
      new PutCommand({
        TableName: 'policy_table',
        Item: { principalId: 'agent1', text: 'Old.', version: 4 },
      }),
    );
    const change = { kind: 'policy', target: 'agent1', proposal: 'New.', reason };
    const { status, body } = await call('POST', '/changes', change);
    expect([status, body.change.baseVersion]).toEqual([202, 4]);
  });
});
