import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { BrokerClient } from '../sdk/broker-client.ts';
import type { CallerIdentity } from '../sdk/caller-identity.ts';
import { claimAccess } from '../sdk/wait-for-access.ts';
import type { McpPorts } from './mcp-ports.ts';
import { runAwsCall } from './run-aws-call.ts';

/** Milliseconds between looks while people decide. */
const LOOK_EVERY = 5_000;
/** Milliseconds between two words of progress. */
const TELL_EVERY = 5_000;

/** The ports over a real broker, for the agent itself or on behalf of one signed-in user. */
export const mcpPortsOf = (
  broker: BrokerClient,
  { region }: Pick<CallerIdentity, 'region'>,
  subjectToken?: () => Promise<string>,
): McpPorts => ({
  broker,
  subjectToken,
  async claim(requestId) {
    const session = await claimAccess(requestId, broker, { subjectToken });
    return { ...session, expiration: new Date(session.expiration) };
  },
  region,
  callAws: runAwsCall,
  lookEvery: LOOK_EVERY,
  tellEvery: TELL_EVERY,
  now: Date.now,
});

/** Serves MCP over standard input and output, until the client closes it or `signal` aborts. */
export async function serveStdio(makeServer: () => McpServer, signal: AbortSignal): Promise<void> {
  const server = makeServer();
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  signal.addEventListener('abort', () => void server.close());
  process.stdin.once('end', () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}
