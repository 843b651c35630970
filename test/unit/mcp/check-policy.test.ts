import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';

const allow = (Action: string, Resource = '*'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

async function ask(input: Record<string, unknown>) {
  const server = makeMcpServer(mcpPortsOf({} as never, { region: async () => 'eu-central-1' }));
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const { content, isError } = await client.callTool({ name: 'check_policy', arguments: input });
  await client.close();
  return { text: (content as [{ text: string }])[0].text, isError };
}

test('a model is told what is wrong, also with what policies make together', async () => {
  const { text } = await ask({
    policies: [{ policy: allow('iam:PassRole') }, { policy: allow('ec2:RunInstances') }],
    least: 'high',
  });
  const { policies } = JSON.parse(text) as {
    policies: { name: string; score: number; findings: { id: string; severity: string }[] }[];
  };
  expect(policies.map(({ name }) => name)).toEqual(['policy 1', 'policy 2', 'all together']);
  expect(policies[2]?.findings.map(({ id }) => id)).toContain('P16');
  expect(policies.flatMap(({ findings }) => findings).every(({ severity }) => severity !== 'low')).toBe(true);
});

test('what is no policy is told so, and bad arguments are refused', async () => {
  const { text } = await ask({ policies: [{ policy: '{' }] });
  expect(JSON.parse(text)).toMatchObject({ policies: [{ isRead: false, findings: [{ id: 'G01' }] }] });
  expect((await ask({ policies: [] })).isError).toBe(true);
  expect((await ask({ policies: [{ policy: '{}' }], account: '1' })).isError).toBe(true);
});
