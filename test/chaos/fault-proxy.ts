import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call on its way to a service. */
export type ProxiedCall = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};
type ProxiedAnswer = { readonly status: number; readonly headers: IncomingMessage['headers']; body: Buffer };

/**
 * What becomes of a call: it is delayed by milliseconds; it is answered with a status, or with nothing, and never
 * arrives; or it is carried out, and its answer is cut in the middle.
 */
export type Fault = { delayMs: number } | { status: number } | 'reset' | 'cut';

type FaultProxyOptions = {
  /** The address of the service. */
  readonly target: string;
  decide(call: ProxiedCall): Fault | undefined;
  /** Hears of every call that the service carried out, before its answer goes anywhere. */
  onDone?(call: ProxiedCall, status: number): void;
};

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Stands at a service's address, passes calls on unchanged, and does to some what networks and services do. */
export async function startFaultProxy({ target, decide, onDone }: FaultProxyOptions) {
  const { hostname, port, pathname } = new URL(target);
  const agent = new Agent({ keepAlive: true });

  const passOn = ({ method, path, headers, body }: ProxiedCall): Promise<ProxiedAnswer> =>
    new Promise((resolve, reject) => {
      const call = request({ hostname, port, agent, method, path, headers }, (answer) => {
        read(answer).then(
          (answered) =>
            resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: answered }),
          reject,
        );
      });
      call.on('error', reject);
      call.end(body);
    });

  async function serve(received: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = received;
    const call = { method, path, headers, body: await read(received) };
    const fault = decide(call);
    if (fault === 'reset') return void received.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault) return void response.writeHead(fault.status).end();
    if (typeof fault === 'object') await sleep(fault.delayMs);
    const answer = await passOn(call);
    onDone?.(call, answer.status);
    const { 'transfer-encoding': _, ...kept } = answer.headers;
    response.writeHead(answer.status, { ...kept, 'content-length': answer.body.length });
    if (fault !== 'cut') return void response.end(answer.body);
    response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () =>
      received.socket.destroy(),
    );
  }

  const server = createServer((received, response) => {
    // Whoever called is gone, or the service is: either way there is nobody to answer.
    serve(received, response).catch(() => received.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname === '/' ? '' : pathname}`,
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;
