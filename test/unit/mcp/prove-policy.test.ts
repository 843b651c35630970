import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';

const allow = (Resource: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
  });

async function ask(input: Record<string, unknown>) {
  const server = makeMcpServer(mcpPortsOf({} as never, { region: async () => 'eu-central-1' }));
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const { content, isError } = await client.callTool({ name: 'prove_policy', arguments: input });
  await client.close();
  return { text: (content as [{ text: string }])[0].text, isError };
}

test('a model is told whether a policy is within another, and by which request it is not', async () => {
  const [wide, narrow] = [{ policy: allow('arn:aws:s3:::b/*') }, { policy: allow('arn:aws:s3:::b/a') }];
  expect(JSON.parse((await ask({ candidate: [narrow], reference: [wide] })).text)).toEqual({
    verdict: 'within',
  });
  const { text } = await ask({ candidate: [wide], reference: [wide, { ...narrow, type: 'boundary' }] });
  expect(JSON.parse(text)).toEqual({
    verdict: 'wider',
    isKnown: true,
    request: { action: 's3:GetObject', resource: expect.stringMatching(/^arn:aws:s3:::b\//), context: {} },
  });
});

test('what is no policy is refused, with where', async () => {
  const { text, isError } = await ask({ candidate: [{ policy: '{' }], reference: [{ policy: allow('*') }] });
  expect([isError, text]).toEqual([
    true,
    expect.stringContaining('candidate 1 is no identity policy: not-json'),
  ]);
});
