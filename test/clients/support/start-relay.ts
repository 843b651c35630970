import { createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came, headers in their order. */
export type Relayed = {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
};

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));

/** Stands between a gateway and AWS, and keeps all that goes by; a test may answer in AWS's place. */
export async function startRelay(to: string) {
  const seen: Relayed[] = [];
  const { hostname, port } = new URL(to);
  let instead: ((call: Relayed, response: ServerResponse) => boolean) | undefined;
  const server = createServer(async (incoming, response) => {
    try {
      const { method = '', url = '', rawHeaders } = incoming;
      const call = { method, target: url, headers: pairsOf(rawHeaders), body: await buffer(incoming) };
      seen.push(call);
      if (instead?.(call, response)) return;
      const passed = httpRequest({ hostname, port, method, path: url, headers: rawHeaders }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, pairsOf(answer.rawHeaders).flat());
        answer.pipe(response);
      });
      passed.once('error', () => response.destroy());
      passed.end(call.body);
    } catch {
      // Whoever called has gone.
      response.destroy();
    }
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** Answers where it returns true; all else goes on. */
    answers(next: typeof instead): void {
      instead = next;
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
export type Relay = Awaited<ReturnType<typeof startRelay>>;
