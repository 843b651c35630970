import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startFakeBroker } from '../unit/gateway/fake-broker.ts';
import { dynamodb, signed } from '../unit/gateway/signed.ts';
import type { Row, Size } from './figure.ts';
import type { Told } from './gateway-apart.ts';
import { figureOf, measure } from './measure.ts';

const MEGABYTE = 1024 * 1024;
const SIZES: Readonly<Record<Size, { megabytes: number; calls: number; rounds: number; pairs: number }>> = {
  whole: { megabytes: 300, calls: 500, rounds: 1000, pairs: 3 },
  short: { megabytes: 4, calls: 20, rounds: 10, pairs: 1 },
};
const PIECE = Buffer.alloc(MEGABYTE, 'postern ');

/** So many megabytes, made as they are read. */
const streamOf = (megabytes: number): Readable =>
  Readable.from(
    (function* pieces() {
      for (let made = 0; made < megabytes; made += 1) yield PIECE;
    })(),
  );

async function digestOf(body: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of body) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** AWS, as far as it has one large object and one small answer. */
export async function startUpstream(megabytes: number) {
  const digests: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-length': String(megabytes * MEGABYTE) });
      await pipeline(streamOf(megabytes), response);
      return;
    }
    const digest = await digestOf(request);
    if (request.method === 'PUT') {
      digests.push(digest);
      response.writeHead(200, { etag: '"one"', 'content-length': '0' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    digests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A gateway, or the bare proxy, in a process of its own. */
export function startApart(api: string, upstream: string) {
  const child: ChildProcess = fork('test/bench/gateway-apart.ts', [api, upstream], { stdio: 'inherit' });
  const told = () => new Promise<unknown>((done) => child.once('message', done));
  return {
    child,
    ready: told() as Promise<Told>,
    async rss(): Promise<number> {
      const answer = told() as Promise<{ rssKilobytes: number }>;
      child.send('rss');
      return Math.round((await answer).rssKilobytes / 1024);
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
type Sent = ReturnType<typeof signed>;

function send({ request }: Sent, url: string, body: Readable | Buffer): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    const sent = httpRequest(
      {
        hostname,
        port,
        agent,
        path: request.path,
        method: request.method,
        headers: Object.fromEntries(request.headers),
      },
      done,
    );
    sent.once('error', failed);
    if (Buffer.isBuffer(body)) sent.end(body);
    else pipeline(body, sent).catch(failed);
  });
}

const where = ({ url, keys }: Told) => ({ keys, now: new Date(), host: new URL(url).host });

async function upload(to: Told, megabytes: number, payloadHash: string): Promise<void> {
  const headers = { 'content-length': String(megabytes * MEGABYTE) };
  const put = signed({
    service: 's3',
    method: 'PUT',
    target: '/bucket-one/large',
    payloadHash,
    headers,
    ...where(to),
  });
  const answer = await send(put, to.url, streamOf(megabytes));
  answer.resume();
  if (answer.statusCode !== 200) throw new Error(`an upload came to ${answer.statusCode}`);
}

async function download(from: Told): Promise<string> {
  const get = signed({ service: 's3', method: 'GET', target: '/bucket-one/large', ...where(from) });
  const answer = await send(get, from.url, Buffer.alloc(0));
  if (answer.statusCode !== 200) throw new Error(`a download came to ${answer.statusCode}`);
  return digestOf(answer);
}

async function callOnce(to: Told): Promise<boolean> {
  const get = dynamodb('GetItem', { TableName: 'one_table', Key: { id: { S: '1' } } }, where(to));
  const answer = await send(get, to.url, get.body);
  answer.resume();
  await new Promise((done) => answer.once('end', done));
  return answer.statusCode === 200;
}

const seconds = async (run: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1000;
};
const least = (all: readonly number[]): number => Math.round(Math.min(...all) * 100) / 100;

/** What passes through a gateway in a process of its own, beside a proxy that signs anew and does nothing else. */
export async function measureThrough(size: Size): Promise<Row[]> {
  const { megabytes, calls, rounds, pairs } = SIZES[size];
  const [broker, upstream, whole] = [
    await startFakeBroker(),
    await startUpstream(megabytes),
    await digestOf(streamOf(megabytes)),
  ];
  const [apart, bare] = [startApart(broker.url, upstream.url), startApart('bare', upstream.url)];
  try {
    const [gateway, proxy] = [await apart.ready, await bare.ready];
    const upstreamAlone: Told = { url: upstream.url, keys: proxy.keys };
    const kinds = [
      ['up', (to: Told) => upload(to, megabytes, 'UNSIGNED-PAYLOAD')],
      ['up, its digest checked on the way', (to: Told) => upload(to, megabytes, whole)],
      [
        'down',
        async (from: Told) => {
          if ((await download(from)) !== whole) throw new Error('what came down is not what there is');
        },
      ],
    ] as const;
    const rows: Row[] = [];
    for (const [name, run] of kinds) {
      const taken: [number[], number[]] = [[], []];
      // In turn, so that what else the machine does is the same for both; the least of each counts.
      for (let pair = 0; pair < pairs; pair += 1) {
        taken[0].push(await seconds(() => run(proxy)));
        taken[1].push(await seconds(() => run(gateway)));
      }
      const [ofProxy, ofGateway] = taken.map(least) as [number, number];
      rows.push({
        what: `${megabytes} MB ${name}`,
        'proxy s': ofProxy,
        'gateway s': ofGateway,
        times: Math.round((ofGateway / ofProxy) * 100) / 100,
        'RSS MB': await apart.rss(),
      });
    }
    if (upstream.digests.some((digest) => digest !== whole))
      throw new Error('what went up is not what was sent');
    const answered = await Promise.all(
      Array.from({ length: calls }, () => callOnce(gateway).catch(() => false)),
    );
    rows.push({
      what: `${calls} calls at once`,
      answered: answered.filter(Boolean).length,
      lost: answered.filter((isAnswered) => !isAnswered).length,
      'RSS MB': await apart.rss(),
    });
    const samples: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      samples[0].push(...(await measure(1, 1, () => callOnce(upstreamAlone))));
      samples[1].push(...(await measure(1, 1, () => callOnce(gateway))));
    }
    const [direct, through] = samples.map(figureOf) as [
      ReturnType<typeof figureOf>,
      ReturnType<typeof figureOf>,
    ];
    const round = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
    rows.push({
      what: 'what it adds without recording',
      p50: round(through.p50 - direct.p50),
      p95: round(through.p95 - direct.p95),
      n: through.n,
    });
    return rows;
  } finally {
    for (const { child } of [apart, bare]) child.kill();
    upstream.close();
    await broker.close();
    agent.destroy();
  }
}
