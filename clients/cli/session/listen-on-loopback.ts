import { createServer, type RequestListener } from 'node:http';

/**
 * Serves HTTP on a port of 127.0.0.1 alone, 0 being any free one. `host` is the only `Host` that a caller of it may
 * name: a page elsewhere could rebind a name of its own to here. Throws one line where the port is taken.
 */
export async function listenOnLoopback(port: number, listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken; name another one`) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    close: async (): Promise<void> => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}
