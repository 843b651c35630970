import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, describe, expect, test } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import type { McpGateway } from '../../../clients/mcp/mcp-ports.ts';
import { runAwsCall } from '../../../clients/mcp/run-aws-call.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';
import type { CatalogView } from '../../../lambdas/list-catalog/list-catalog-spec.ts';

const REASON = 'The weekly report of the bank.';
const needs = { approvals: 0, stepUp: 0 } as never;
const catalogOf = (...actions: string[]): CatalogView => ({
  principal: 'analyst1',
  resources: [
    {
      ...{ resource: 'metrics', kind: 'dynamodb-table', purpose: 'p', sensitivity: 'internal' as const },
      ...{ maxDurationSeconds: 900, subjectScoped: false },
      actions: actions.map((action) => ({ action, level: 'read' as never, onBehalfOf: false, needs })),
    },
  ],
});

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

async function serve(gateway: Partial<McpGateway>, more: Record<string, unknown> = {}) {
  const opened: string[] = [];
  const calls: unknown[] = [];
  const server = makeMcpServer({
    ...mcpPortsOf({} as never, { region: async () => 'eu-central-1' }),
    claim: async () => {
      throw new Error('nothing is claimed where there is a gateway');
    },
    callAws: async (session, call) => {
      calls.push([session.endpoint, call.service, call.operation]);
      return { said: session.secretAccessKey };
    },
    gateway: {
      catalog: catalogOf('dynamodb:Query', 'dynamodb:GetItem', 's3:GetObject'),
      async open(reason) {
        opened.push(reason);
        const keys = {
          accessKeyId: 'PSTNAAAAAAAAAAAAAAAA',
          secretAccessKey: 'placeholder',
          sessionToken: 'token',
        };
        return { ...keys, expiration: new Date(Date.now() + 3_600_000), endpoint: 'http://gateway' };
      },
      ...gateway,
    },
    ...more,
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  clients.push(client);
  const run = async (args: Record<string, unknown>) => {
    const { content, isError } = await client.callTool({ name: 'run_aws', arguments: args });
    return { text: (content as [{ text: string }])[0].text, isError: isError === true };
  };
  return { client, run, opened, calls };
}

describe('run_aws, where there is a gateway', () => {
  test('lists what could be granted, and takes no other service', async () => {
    const { client, run } = await serve({});
    const { tools } = await client.listTools();
    const tool = tools.find(({ name }) => name === 'run_aws');
    expect(tool?.description).toContain('dynamodb: GetItem, Query; s3: GetObject');
    expect(tool?.inputSchema.properties?.service).toMatchObject({ enum: ['dynamodb', 's3'] });
    expect(tools.map(({ name }) => name)).not.toContain('request_access');
    const refused = await run({ reason: REASON, service: 'iam', operation: 'ListUsers' }).catch(
      () => 'refused',
    );
    expect(refused === 'refused' || (refused as { isError: boolean }).isError).toBe(true);
  });

  test('makes its calls there, with one session a reason, of which nothing is shown', async () => {
    const { run, opened, calls } = await serve({});
    const call = { reason: REASON, service: 'dynamodb', operation: 'GetItem' };
    const { text } = await run(call);
    await run({ ...call, operation: 'Query' });
    await run({ ...call, reason: 'Another job of another kind.' });
    expect(opened).toEqual([REASON, 'Another job of another kind.']);
    expect(calls[1]).toEqual(['http://gateway', 'dynamodb', 'Query']);
    expect(text).toBe('{"said":"[hidden]"}');
  });

  test('opens a session anew once it has ended, or could not be opened', async () => {
    let attempts = 0;
    const { run } = await serve({
      async open() {
        attempts += 1;
        if (attempts === 1) throw new Error('the broker does not answer');
        const keys = { accessKeyId: 'PSTN', secretAccessKey: 'placeholder', sessionToken: 'token' };
        return { ...keys, expiration: new Date(), endpoint: 'http://gateway' };
      },
    });
    const call = { reason: REASON, service: 'dynamodb', operation: 'GetItem' };
    expect((await run(call)).isError).toBe(true);
    await run(call);
    await run(call);
    expect(attempts).toBe(3);
  });

  test('is not there where nothing could be granted', async () => {
    const { client } = await serve({ catalog: catalogOf() });
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('run_aws');
  });

  test('sends a call to the gateway’s own name, whatever the bucket', async () => {
    const { createServer } = await import('node:http');
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push([request.method, request.url?.split('?')[0], request.headers.host]);
      response.writeHead(200, { 'content-type': 'application/xml' }).end('<ListBucketResult/>');
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    try {
      const keys = { accessKeyId: 'PSTN', secretAccessKey: 's', sessionToken: 't' };
      const input = { Bucket: 'bucket-one' };
      await runAwsCall(
        { ...keys, endpoint: `http://localhost:${port}` },
        { service: 's3', operation: 'ListObjectsV2', input, region: 'eu-central-1' },
      );
      expect(seen).toEqual([['GET', '/bucket-one/', `localhost:${port}`]]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
