import type { Server } from 'node:http';
import { serve } from '@hono/node-server';

/** A port that somebody else has; `npm start` says so in one line. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(port: number) {
    super(
      `port ${port} is taken; stop what uses it, or set PORT, AWS_PORT, GATEWAY_PORT and CHAT_PORT to others`,
    );
  }
}

/** Milliseconds for which an idle connection is kept: a busy client must not send on one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Serves HTTP on 127.0.0.1 alone; port 0 is any free one. A request whose Host is not this machine's is
 * refused: a page elsewhere could otherwise rebind its name to here. Throws PortTaken.
 */
export async function listenLocally(port: number, fetch: (request: Request) => Promise<Response> | Response) {
  const guarded = (request: Request) =>
    LOOPBACK.has(new URL(request.url).hostname)
      ? fetch(request)
      : new Response('This machine only.\n', { status: 421 });
  const { promise: listening, resolve, reject } = Promise.withResolvers<number>();
  const serverOptions = { keepAliveTimeout: KEEP_ALIVE_MS };
  const server = serve({ fetch: guarded, port, hostname: '127.0.0.1', serverOptions }, (info) =>
    resolve(info.port),
  ) as Server;
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'EADDRINUSE' ? new PortTaken(port) : error),
  );
  const url = `http://127.0.0.1:${await listening}`;
  return {
    url,
    close: async (): Promise<void> => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Throws PortTaken where somebody listens on the port already; 0 is never taken. */
export async function ensureFree(port: number): Promise<void> {
  const { close } = await listenLocally(port, () => new Response(null, { status: 503 }));
  await close();
}
