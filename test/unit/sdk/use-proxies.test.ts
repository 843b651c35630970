import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkFetch } from '../../../clients/sdk/use-proxies.ts';

let target: Server;
let proxy: Server;
/** What came to the proxy. */
let asked: string[];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const close = (server: Server) => {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
};

beforeEach(async () => {
  asked = [];
  target = createServer((request, response) => response.end(`reached ${request.url}`));
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('by the proxy');
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const through = connect(portOf(target), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
    socket.on('error', () => through.destroy());
    through.on('error', () => socket.destroy());
  });
  await Promise.all([listen(target), listen(proxy)]);
});
afterEach(async () => {
  await Promise.all([close(target), close(proxy)]);
});

describe('calls of the broker', () => {
  const env = () => ({ HTTP_PROXY: `http://127.0.0.1:${portOf(proxy)}` });

  it('share one way out, and its connections, as long as the environment is the same', async () => {
    const first = await networkFetch(env());
    expect(await networkFetch(env())).toBe(first);
    expect(await networkFetch({ ...env(), NO_PROXY: 'localhost' })).not.toBe(first);
    for (let port = 1; port < 10; port += 1) await networkFetch({ HTTP_PROXY: `http://127.0.0.1:${port}` });
    expect(await networkFetch(env())).not.toBe(first);
  });

  it('go by the proxy that the environment names, to a name that only it resolves', async () => {
    const fetch = await networkFetch(env());
    const answer = await fetch('http://broker.corp.example/api/catalog');
    expect(answer.status).toBe(200);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('broker.corp.example');
  });

  it('go straight where NO_PROXY says so, and where there is no proxy', async () => {
    const url = `http://127.0.0.1:${portOf(target)}/api`;
    for (const environment of [{ ...env(), NO_PROXY: '127.0.0.1' }, {}]) {
      const fetch = await networkFetch(environment);
      expect(await (await fetch(url)).text()).toBe('reached /api');
    }
    expect(asked).toEqual([]);
  });

  it('trust the authorities of AWS_CA_BUNDLE beside the public ones', async () => {
    const file = (name: string) => resolve('test/cases/tls', name);
    const options = {
      cert: readFileSync(file('localhost.pem')),
      key: readFileSync(file('localhost.key.pem')),
    };
    const server = createSecureServer(options, (_, response) => response.end('reached'));
    await listen(server);
    const url = `https://localhost:${portOf(server)}/api`;
    const trusting = await networkFetch({ AWS_CA_BUNDLE: file('localhost.pem') });
    expect(await (await trusting(url)).text()).toBe('reached');
    await expect((await networkFetch({}))(url)).rejects.toThrow('fetch failed');
    await close(server);
  });

  it('are not made where a bundle of certificates cannot be read, which is said', async () => {
    await expect(networkFetch({ AWS_CA_BUNDLE: '/no/such/bundle.pem' })).rejects.toMatchObject({
      code: 'no_certificates',
      message: expect.stringContaining('/no/such/bundle.pem'),
    });
  });
});
