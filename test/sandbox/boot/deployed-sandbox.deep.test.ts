import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAwsEndpoint } from '../../../sandbox/aws/start-aws-endpoint.ts';
import type { AwsCall } from '../../../sandbox/aws/types.ts';
import { composeSandbox } from '../../../sandbox/compose-sandbox.ts';
import type { SandboxParts } from '../../../sandbox/sandbox-parts.ts';
import { bundles, template } from '../../support/template.ts';
import { operatorClient } from './support/operator-client.ts';

const REQUEST_ID = 'analyst1-01ARZ3NDEKTSV4RRFFQ69G5FAV';
const PROPOSAL = {
  approved: true,
  grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
  durationSeconds: 900,
  risk: 'low',
  authorization: 'explicit',
  reason: 'Analysts read metrics.',
};

let reviewer: Server;
let reviewerUrl: string;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'postern-deployed-'));
  const content = [{ type: 'output_text', annotations: [], text: JSON.stringify(PROPOSAL) }];
  reviewer = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        model: 'stub',
        usage: { input_tokens: 1, output_tokens: 1 },
        output: [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }],
      }),
    ),
  );
  await new Promise<void>((resolve) => reviewer.listen(0, '127.0.0.1', resolve));
  reviewerUrl = `http://127.0.0.1:${(reviewer.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  reviewer.closeAllConnections();
  reviewer.close();
  rmSync(dataDir, { recursive: true });
});

/** The real template, handlers, engine and AWS endpoint; of the edge only what functions are told. */
const parts: SandboxParts<undefined> = {
  startAws: startAwsEndpoint,
  startEdge: async () => ({
    url: 'http://127.0.0.1:1',
    consoleUrl: 'http://localhost:1',
    declared: { OPENAI_BASE_URL: reviewerUrl },
    webhooks: { secret: undefined, caught: () => [] },
    tokenUrlOf: () => '',
    factSource: {
      source: 'none',
      audience: 'none',
      key: { kty: 'OKP', crv: 'Ed25519', x: '', d: '', kid: '' },
    },
    slack: { secret: { botToken: 'xoxb-test', signingSecret: 'of-this-test-alone', teamId: 'T0BANK' } },
    added: {},
    close: async () => {},
  }),
  async seed({ aws }) {
    aws.secrets.put('postern/openai', 'sk-sandbox');
    const tables = operatorClient(aws);
    await tables.send(
      new PutCommand({
        TableName: 'users_table',
        Item: {
          id: 'analyst1',
          type: 'human',
          status: 'active',
          groups: ['analysts'],
          awsPrincipals: [],
          persons: ['ana'],
          subjectIssuers: [],
          subjectRequired: false,
          version: 1,
        },
      }),
    );
    await tables.send(
      new PutCommand({
        TableName: 'policy_table',
        Item: { principalId: 'analyst1', text: 'Analysts read operational metrics.', version: 1 },
      }),
    );
    return undefined;
  },
};

const boot = () => composeSandbox(parts, { template: template(), bundles: bundles(), dataDir });

test('the deployed workflow runs to READY; a restart closes the request as FAILED and says so', async () => {
  const first = await boot();
  const { arn } = first.template.stateMachines[0] ?? { arn: '' };
  const tables = operatorClient(first.aws);
  const readRow = async (client = tables) =>
    (await client.send(new GetCommand({ TableName: 'postern_requests', Key: { requestId: REQUEST_ID } })))
      .Item;
  const now = new Date().toISOString();
  const request = {
    requestId: REQUEST_ID,
    principalId: 'analyst1',
    reason: 'read the metrics of this week',
    dryRun: false,
    createdAt: now,
  };
  await tables.send(
    new PutCommand({
      TableName: 'postern_requests',
      Item: { ...request, status: 'PENDING', updatedAt: now, version: 1, open: 'open', ttl: 9_999_999_999 },
    }),
  );
  await first.states.handle({
    service: 'states',
    operation: 'StartExecution',
    input: { stateMachineArn: arn, name: REQUEST_ID, input: JSON.stringify({ request }) },
  } as unknown as AwsCall);
  await expect.poll(async () => (await readRow())?.status, { timeout: 60_000 }).toBe('READY');
  expect(first.logs.text()).not.toMatch(/"level":"ERROR"/);
  await first.close();

  const second = await boot();
  try {
    expect(second.closedAtBoot).toEqual([REQUEST_ID]);
    const row = await readRow(operatorClient(second.aws));
    expect(row).toMatchObject({ status: 'FAILED', closedBecause: 'sandbox_restarted' });
    expect(row).not.toHaveProperty('claimToken');
    const { Items = [] } = await operatorClient(second.aws).send(
      new QueryCommand({
        TableName: 'postern_audit',
        IndexName: 'byRequest',
        KeyConditionExpression: 'requestId = :id',
        ExpressionAttributeValues: { ':id': REQUEST_ID },
      }),
    );
    expect(Items.at(-1)).toMatchObject({ event: 'failed' });
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${REQUEST_ID}`;
    expect(
      await second.states.handle({
        service: 'states',
        operation: 'DescribeExecution',
        input: { executionArn },
      } as unknown as AwsCall),
    ).toMatchObject({ status: 'ABORTED', error: 'SandboxClosed' });
  } finally {
    await second.close();
  }
}, 60_000);
