import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the app acknowledged with, by envelope. @see https://docs.slack.dev/apis/events-api/using-socket-mode */
type Ack = { envelope_id: string; payload: unknown };

/** The part of Slack that Socket Mode needs: two methods of the Web API, and the socket that one of them names. */
export async function startFakeSlack() {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const acks: Ack[] = [];
  const opened: string[] = [];
  let hold: Promise<void> = Promise.resolve();
  let refusals: string[] = [];
  let envelopes = 0;

  const addressOf = (scheme: string, path: string) =>
    `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

  const methods: Record<string, (token: string) => Promise<object>> = {
    '/api/auth.test': async () => ({ ok: true, team_id: 'T0REAL' }),
    async '/api/apps.connections.open'(token) {
      opened.push(token);
      await hold;
      const error = refusals.shift();
      return error ? { ok: false, error } : { ok: true, url: addressOf('ws', '/link') };
    },
  };
  async function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = await methods[url]?.(String(headers.authorization));
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  }
  server.on('request', (request, response) => void answer(request, response));
  sockets.on('connection', (socket) => {
    socket.on('message', (message) => acks.push(JSON.parse(String(message))));
    socket.send(JSON.stringify({ type: 'hello' }));
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    apiUrl: addressOf('http', '/api/'),
    acks: acks as readonly Ack[],
    /** The authorization of each call for a socket's address. */
    opened: opened as readonly string[],
    /** Connections that are open, on this side at least. */
    connections: (): WebSocket[] =>
      [...sockets.clients].filter(({ readyState, OPEN }) => readyState === OPEN),
    /** Sends to whoever is connected. */
    send(message: object): void {
      for (const socket of sockets.clients) socket.send(JSON.stringify(message));
    },
    /** Sends an envelope, and answers its id. */
    deliver(type: string, payload: object): string {
      const envelope_id = `envelope-${++envelopes}`;
      this.send({ envelope_id, type, payload, accepts_response_payload: true });
      return envelope_id;
    },
    /** Has calls for a socket's address answered only once this is resolved. */
    holdUntil(moment: Promise<void>): void {
      hold = moment;
    },
    /** The next calls for a socket's address are refused so. */
    refuse(...errors: string[]): void {
      refusals = errors;
    },
    async close(): Promise<void> {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
