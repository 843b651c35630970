/**
 * A gateway in a process of its own, with tables in memory: what it takes itself, without what it writes. Started with
 * the broker's address and the upstream's; tells the parent where it is and the keys of a session, then its greatest RSS
 * whenever it is asked. With `bare` in place of the broker it is a proxy that signs anew and does nothing else.
 */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { readRawRequest } from '../../gateway/wire/raw-request.ts';
import { signRequest } from '../../gateway/wire/sign-request.ts';
import { SESSION } from '../unit/gateway/fake-broker.ts';
import { makeTables, openTestSession, startTestGateway } from '../unit/gateway/start-test-gateway.ts';

export type Told = {
  readonly url: string;
  readonly keys: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
};

const [api = '', upstream = ''] = process.argv.slice(2);

async function startBare(): Promise<string> {
  const to = new URL(upstream);
  const server = createServer((incoming, response) => {
    const request = readRawRequest(incoming.method ?? '', incoming.url ?? '', incoming.rawHeaders);
    const headers = new Map([...request.headers, ['host', to.host] as const]);
    const payloadHash = request.headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
    const signed = signRequest(
      { ...request, headers },
      SESSION,
      { region: 'eu-central-1', service: 's3', payloadHash },
      new Date(),
    );
    const sent = httpRequest({
      ...{ hostname: to.hostname, port: to.port, method: request.method, path: incoming.url },
      headers: Object.fromEntries(signed.headers),
    });
    sent.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      void pipeline(answer, response);
    });
    void pipeline(incoming, sent);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(): Promise<Told> {
  if (api === 'bare') return { url: await startBare(), keys: SESSION };
  const tables = makeTables();
  const { url } = await startTestGateway(tables, { api, upstream });
  const { accessKeyId, secretAccessKey, sessionToken } = openTestSession(tables);
  return { url, keys: { accessKeyId, secretAccessKey, sessionToken } };
}

process.on('message', () => process.send?.({ rssKilobytes: process.resourceUsage().maxRSS }));
process.once('disconnect', () => process.exit(0));
process.send?.(await start());
