import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between clients and a server, and keeps every byte that goes by, as it stands on the line. */
export async function startWire(to: string) {
  const { hostname, port } = new URL(to);
  const [sent, answered]: [Buffer[], Buffer[]] = [[], []];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, into, seen] of [
      [client, upstream, sent],
      [upstream, client, answered],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => seen.push(bytes));
      from.on('error', () => into.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(into);
    }
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: (): string => Buffer.concat(sent).toString('latin1'),
    answered: (): string => Buffer.concat(answered).toString('latin1'),
    close(): void {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
