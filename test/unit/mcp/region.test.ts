import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';

/** The region that a call of the tool goes to. */
async function regionOf(asked: { region?: string }): Promise<string | undefined> {
  let called: string | undefined;
  const server = makeMcpServer({
    ...mcpPortsOf({} as never, { region: async () => 'ap-southeast-2' }),
    claim: async () => ({
      accessKeyId: 'ASIAREGIONSESSION000',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date(),
    }),
    callAws: async (_, { region }) => {
      called = region;
      return {};
    },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const call = { requestId: 'r', service: 'dynamodb', operation: 'GetItem', ...asked };
  await client.callTool({ name: 'run_aws', arguments: call });
  await client.close();
  return called;
}

describe('the region of an AWS call', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is the one that the caller has, from --region or the profile', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(await regionOf({})).toBe('ap-southeast-2');
  });

  it('is another where the model asks for another', async () => {
    expect(await regionOf({ region: 'us-east-1' })).toBe('us-east-1');
  });
});
