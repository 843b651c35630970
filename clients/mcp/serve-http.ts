import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isSecret, newSecret } from '../cli/session/bearer-secret.ts';
import { listenOnLoopback } from '../cli/session/listen-on-loopback.ts';

/** Bytes of one message. */
const MOST_BODY = 1024 * 1024;
/** Clients at once; the one that was quiet longest gives way, and has to begin anew. */
const MOST_CLIENTS = 32;

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

/** The clients that began and have not ended, each with a server, and so with sessions, of its own. */
function makeClients(makeServer: () => McpServer) {
  const clients = new Map<string, StreamableHTTPServerTransport>();

  async function begin(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized(id) {
        clients.set(id, transport);
        const [[quietest = '', quiet] = []] = clients;
        if (clients.size > MOST_CLIENTS) {
          clients.delete(quietest);
          void quiet?.close();
        }
      },
      onsessionclosed: (id) => void clients.delete(id),
    });
    const server = makeServer();
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  }

  return {
    /** The client of this id, or a new one where none is named; undefined for one that there is not. */
    async of(id: string | undefined): Promise<StreamableHTTPServerTransport | undefined> {
      if (id === undefined) return begin();
      const client = clients.get(id);
      if (client) {
        clients.delete(id);
        clients.set(id, client);
      }
      return client;
    },
    async close(): Promise<void> {
      await Promise.all([...clients.values()].map((client) => client.close()));
      clients.clear();
    },
  };
}

/**
 * Serves MCP over streamable HTTP at `/mcp` of loopback, to whoever sends the secret as a bearer token. A page in a
 * browser is refused by its `Origin`, another name for this machine by its `Host`. A session that was granted is
 * held for the client that first used it, and is no other client's.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
 */
export async function serveHttp(makeServer: () => McpServer, port: number) {
  const authorization = `Bearer ${newSecret()}`;
  const clients = makeClients(makeServer);
  let host = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, message: string, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify({ message }));
    if (request.headers.host !== host || request.headers.origin !== undefined)
      return void refuse(403, 'this machine only, and no web page');
    if (!isSecret(request.headers.authorization, authorization))
      return void refuse(401, 'send the bearer token that was printed at the start', {
        'www-authenticate': 'Bearer',
      });
    const { url, method } = request;
    if (url !== '/mcp' || (method !== 'POST' && method !== 'DELETE'))
      return void refuse(url === '/mcp' ? 405 : 404, 'POST /mcp');
    let body: unknown;
    try {
      body = method === 'POST' ? await bodyOf(request) : undefined;
    } catch {
      return void refuse(400, 'the body is not one JSON message');
    }
    const id = request.headers['mcp-session-id'];
    const client = await clients.of(typeof id === 'string' ? id : undefined);
    if (!client) return void refuse(404, 'there is no such session; begin anew');
    // What did not begin with `initialize` is refused by the transport, which then is nobody's.
    response.once('close', () => {
      if (client.sessionId === undefined) void client.close();
    });
    await client.handleRequest(request, response, body);
  }

  const loopback = await listenOnLoopback(port, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  host = loopback.host;
  return {
    url: `http://${host}/mcp`,
    /** The header that every call has to carry. */
    authorization,
    async close(): Promise<void> {
      await clients.close();
      await loopback.close();
    },
  };
}
