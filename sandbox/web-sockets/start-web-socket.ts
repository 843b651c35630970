import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { AwsError } from '../../gateway/wire/aws-error.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import type { WebSocketSpec } from '../template/types.ts';
import { type RouteKey, socketEventOf } from './socket-event.ts';

/** Bytes of a message, either way. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const MOST_BYTES = 128 * 1024;

const answerSchema = z.object({ statusCode: z.number().int() });
type Connected = { readonly socket: WebSocket; readonly connectedAt: number };

/**
 * A WebSocket API of the template on a port of this machine: its routes' functions, and the management of its connections
 * (`@connections`) for whoever signs and may. Idle connections last as long as the sandbox, where API Gateway ends them.
 */
export async function startWebSocket(
  { apiId, stage, routes }: WebSocketSpec,
  { aws, invoke, logs }: Pick<EdgeOptions, 'aws' | 'invoke' | 'logs'>,
) {
  const connections = new Map<string, Connected>();
  const acceptor = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  const api = { apiId, stage, host: 'localhost' };

  /** The status that a route's function answers; 500 where it fails. */
  async function call(route: RouteKey, event: Record<string, unknown>): Promise<number> {
    const functionName = routes.get(route) ?? '';
    try {
      return answerSchema.parse(await invoke(functionName, event)).statusCode;
    } catch (error) {
      logs.add({
        functionName,
        loggedAtMs: Date.now(),
        text: `not answered to the WebSocket: ${String(error)}`,
      });
      return 500;
    }
  }

  async function connect(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const connectionId = `${randomBytes(11).toString('base64url')}=`;
    const connection = { ...api, connectionId, connectedAt: Date.now() };
    const query = Object.fromEntries(url.searchParams);
    const status =
      url.pathname === `/${stage}`
        ? await call(
            '$connect',
            socketEventOf(connection, '$connect', {
              headers: Object.fromEntries(
                Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
              ),
              ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
            }),
          )
        : 403;
    if (status < 200 || status > 299) {
      stream.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    acceptor.handleUpgrade(request, stream, head, (socket) => {
      connections.set(connectionId, { socket, connectedAt: connection.connectedAt });
      socket.on('message', (data, isBinary) => {
        const body = isBinary ? (data as Buffer).toString('base64') : data.toString();
        void call('$default', socketEventOf(connection, '$default', { body, isBase64Encoded: isBinary }));
      });
      // What breaks a connection closes it.
      socket.on('error', () => {});
      socket.on('close', () => {
        connections.delete(connectionId);
        void call('$disconnect', socketEventOf(connection, '$disconnect'));
      });
    });
  }

  /** One call of `@connections`, as the SDK makes it. */
  async function manage(method: string, id: string, request: Request): Promise<Response> {
    const refused = (name: string, status: number) =>
      Response.json({ message: name }, { status, headers: { 'x-amzn-errortype': name } });
    const resource = `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${apiId}/${stage}/${method}/@connections/${id}`;
    try {
      if (!(await aws.mayCall(request.clone(), { action: 'execute-api:ManageConnections', resource })))
        return refused('ForbiddenException', 403);
    } catch (error) {
      if (error instanceof AwsError) return refused(error.code, 403);
      throw error;
    }
    const found = connections.get(id);
    if (!found) return refused('GoneException', 410);
    if (method === 'DELETE') {
      found.socket.close(1000);
      return new Response(null, { status: 204 });
    }
    if (method !== 'POST') return Response.json({ connectedAt: new Date(found.connectedAt).toISOString() });
    const data = Buffer.from(await request.arrayBuffer());
    if (data.length > MOST_BYTES) return refused('PayloadTooLargeException', 413);
    found.socket.send(data.toString());
    return new Response(null, { status: 200 });
  }

  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const method = incoming.method ?? 'GET';
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
    const [, id] =
      new RegExp(`^/${stage}/@connections/([^/]+)$`).exec(decodeURIComponent(url.pathname)) ?? [];
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const body = method === 'POST' ? Buffer.concat(chunks) : undefined;
    const answer = id
      ? await manage(method, id, new Request(url, { method, headers, ...(body && { body }) }))
      : new Response(null, { status: 404 });
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  server.on('upgrade', (request, stream, head) => void connect(request, stream, head));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  api.host = host;
  return {
    url: `ws://${host}/${stage}`,
    connectionsUrl: `http://${host}/${stage}`,
    async close(): Promise<void> {
      for (const { socket } of connections.values()) socket.terminate();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}
