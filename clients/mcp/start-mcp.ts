import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { BrokerClient } from '../sdk/broker-client.ts';
import { claimAccess } from '../sdk/wait-for-access.ts';
import { type HeldSessions, makeMcpServer } from './make-mcp-server.ts';
import type { McpPorts } from './mcp-ports.ts';
import { runAwsCall } from './run-aws-call.ts';

/** Milliseconds between looks while people decide. */
const LOOK_EVERY = 5_000;
/** Bytes of one message. */
const MOST_BODY = 1024 * 1024;

/** The ports over a real broker, for the agent itself or on behalf of one signed-in user. */
export const mcpPortsOf = (broker: BrokerClient, subjectToken?: () => Promise<string>): McpPorts => ({
  broker,
  subjectToken,
  async claim(requestId) {
    const session = await claimAccess(requestId, broker, { subjectToken });
    return { ...session, expiration: new Date(session.expiration) };
  },
  callAws: runAwsCall,
  lookEvery: LOOK_EVERY,
  now: Date.now,
});

/** Serves MCP over standard input and output, until the client closes it or `signal` aborts. */
export async function serveStdio(ports: McpPorts, signal: AbortSignal): Promise<void> {
  const server = makeMcpServer(ports);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  signal.addEventListener('abort', () => void server.close());
  process.stdin.once('end', () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY) throw new SyntaxError('the message is too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Serves MCP over streamable HTTP at `/mcp` of loopback, each call by itself. A page in a browser is refused by its
 * `Origin`, another name for this machine by its `Host`.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
 */
export async function serveHttp(ports: McpPorts, port: number) {
  let host = '';
  // Each message has a server of its own; sessions outlive it.
  const held: HeldSessions = new Map();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, message: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    if (request.headers.host !== host || request.headers.origin !== undefined) {
      refuse(403, 'this machine only, and no web page');
      return;
    }
    if (request.url !== '/mcp' || request.method !== 'POST') {
      refuse(request.url === '/mcp' ? 405 : 404, 'POST /mcp');
      return;
    }
    let body: unknown;
    try {
      body = await bodyOf(request);
    } catch {
      refuse(400, 'the body is not one JSON message');
      return;
    }
    const server = makeMcpServer(ports, held);
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    await transport.handleRequest(request, response, body);
  }
  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
  const address = http.address();
  host = `127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  return {
    url: `http://${host}/mcp`,
    close: () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
