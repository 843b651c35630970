import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readRawRequest } from '../../../gateway/wire/raw-request.ts';
import { verifyRequest } from '../../../gateway/wire/verify-request.ts';
import { SESSION } from './fake-broker.ts';

export type Seen = {
  readonly method: string;
  readonly target: string;
  readonly body: Buffer;
  readonly error?: string;
  readonly headers: IncomingMessage['headers'];
};

/** AWS, as far as it checks signatures: each call that came whole, and what was wrong with it. */
export async function startFakeUpstream() {
  const seen: Seen[] = [];
  let cut = 0;
  let answer = (_: Seen, response: ServerResponse): void => {
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'of-aws' })
      .end('{}');
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', rawHeaders, headers } = request;
    let body: Buffer;
    try {
      body = await buffer(request);
    } catch {
      cut += 1;
      return;
    }
    let error: string | undefined;
    try {
      const whole = /^[0-9a-f]{64}$/.test(String(headers['x-amz-content-sha256'] ?? 'f'.repeat(64)))
        ? body
        : undefined;
      verifyRequest(
        readRawRequest(method, url, rawHeaders),
        whole,
        (id, token) =>
          id === SESSION.accessKeyId && token === SESSION.sessionToken
            ? {
                secretAccessKey: SESSION.secretAccessKey,
                expiresAt: new Date(Date.now() + 60_000),
                caller: 'session',
              }
            : undefined,
        new Date(),
      );
    } catch (caught) {
      error = (caught as Error).message;
    }
    const call = { method, target: url, body, headers, ...(error !== undefined && { error }) };
    seen.push(call);
    answer(call, response);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** Calls whose body did not come whole. */
    cut: () => cut,
    answers(next: typeof answer): void {
      answer = next;
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
export type FakeUpstream = Awaited<ReturnType<typeof startFakeUpstream>>;
