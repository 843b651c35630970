import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';

beforeEach(() => vi.stubEnv('OPENAI_API_KEY', ''));
afterEach(() => vi.unstubAllEnvs());

async function ask(input: Record<string, unknown>) {
  const server = makeMcpServer(mcpPortsOf({} as never, { region: async () => 'eu-central-1' }));
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const { content, isError } = await client.callTool({ name: 'generate_policy', arguments: input });
  await client.close();
  return { text: (content as [{ text: string }])[0].text, isError };
}

const answers = {
  account: '123456789012',
  region: 'eu-central-1',
  'key.1': 'no',
  assumedBy: 'service:lambda',
};

test('a model asks, answers what is open, refines, and asks why', async () => {
  const open = JSON.parse((await ask({ prose: 'read the table orders' })).text);
  expect(open.questions.map(({ id }: { id: string }) => id)).toEqual(['account', 'region', 'key.1']);
  const made = JSON.parse((await ask({ prose: 'read the table orders', intent: open.intent, answers })).text);
  expect(made.permissions.Statement[0].Action).toContain('dynamodb:GetItem');
  expect(made.trust.Statement[0].Principal).toEqual({ Service: 'lambda.amazonaws.com' });
  const less = JSON.parse((await ask({ prose: 'without dynamodb:Query', before: made })).text);
  expect(less.refined.permissions).toEqual({ verdict: 'within' });
  const why = JSON.parse((await ask({ prose: 'Why dynamodb:GetItem?', before: made })).text);
  expect(why.answer.join()).toContain('dynamodb:GetItem is allowed on');
});

test('every form is there', async () => {
  const { intent } = JSON.parse((await ask({ prose: 'read the table orders' })).text);
  expect((await ask({ intent, answers, format: 'terraform' })).text).toContain('resource "aws_iam_role"');
  expect((await ask({ intent, answers, format: 'cdk' })).text).toContain('iam.CfnRole');
  expect(JSON.parse((await ask({ intent, answers, format: 'catalog' })).text).entries).toHaveLength(1);
});

test('what cannot be used is refused in words', async () => {
  const { text, isError } = await ask({ prose: 'read the table orders', answers: { region: 'mars-1' } });
  expect(isError).toBe(true);
  expect(text).toContain('AWS has no region mars-1');
  expect((await ask({})).isError).toBe(true);
  expect((await ask({ prose: 'x'.repeat(5000) })).isError).toBe(true);
  const policy = { accesses: [{ service: 's3', actions: ['s3:*'], words: 'all' }] };
  expect((await ask({ intent: policy })).isError).toBe(true);
});
