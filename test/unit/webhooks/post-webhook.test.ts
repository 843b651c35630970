import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePostWebhook } from '../../../lambdas/shared/adapters/webhooks/post-webhook.ts';

const pem = (name: string) => readFileSync(resolve('test/cases/tls', name), 'utf8');
const ca = pem('localhost.pem');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer = (_, response) => response.writeHead(204).end();
let asked: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
beforeAll(async () => {
  server = createServer({ key: pem('localhost.key.pem'), cert: ca }, async (request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers, body: await text(request) });
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A name server that knows one answer for every name. */
const resolvingTo =
  (address: string): LookupFunction =>
  (_, options, done) => {
    const family = address.includes(':') ? 6 : 4;
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };

const hook = (path = '/hook') => ({
  name: 'pager',
  url: `https://localhost:${(server.address() as AddressInfo).port}${path}`,
});
const post = makePostWebhook({
  lookup: resolvingTo('127.0.0.1'),
  ca,
  allowed: ['127.0.0.1'],
  timeoutMs: 5_000,
});

/** What a server answers, and what comes of it. */
async function answering(next: Answer, send = post) {
  asked = [];
  answer = next;
  return send(hook(), { 'webhook-id': 'evt_1' }, '{"type":"request.asked"}');
}

test('a body goes out over TLS, to the byte, with its headers', async () => {
  expect(await answering((_, response) => response.writeHead(204).end())).toBe(204);
  expect(asked).toMatchObject([
    {
      url: '/hook',
      headers: { 'webhook-id': 'evt_1', 'content-type': 'application/json' },
      body: '{"type":"request.asked"}',
    },
  ]);
});

test('an error of the receiver is its status, whatever else it says', async () => {
  const endless: Answer = (_, response) => {
    response.writeHead(500);
    // Never ends: no more than the head is read.
    response.write('x'.repeat(1024));
  };
  expect(await answering(endless)).toBe(500);
});

test('a redirect is not followed', async () => {
  const status = await answering((_, response) =>
    response.writeHead(302, { location: hook('/elsewhere').url }).end(),
  );
  expect(status).toBe(302);
  expect(asked.map(({ url }) => url)).toEqual(['/hook']);
});

test('a receiver that is slow is given up in time', async () => {
  const hasty = makePostWebhook({
    lookup: resolvingTo('127.0.0.1'),
    ca,
    allowed: ['127.0.0.1'],
    timeoutMs: 50,
  });
  await expect(answering(() => {}, hasty)).rejects.toThrow(/abort|timeout/i);
});

test('a receiver that is down is a failure', async () => {
  const nobody = { name: 'pager', url: 'https://localhost:1/hook' };
  await expect(post(nobody, {}, '{}')).rejects.toThrow(/ECONNREFUSED/);
});

test('a receiver whose certificate nobody trusts is told nothing', async () => {
  const careful = makePostWebhook({ lookup: resolvingTo('127.0.0.1'), allowed: ['127.0.0.1'] });
  await expect(answering((_, response) => response.end(), careful)).rejects.toThrow(/certificate/i);
  expect(asked).toEqual([]);
});

test.each([
  ['this machine', '127.0.0.1'],
  ['this machine, in IPv6', '::1'],
  ['this machine, mapped', '::ffff:127.0.0.1'],
  ['the instance metadata', '169.254.169.254'],
  ['the task metadata', '169.254.170.2'],
  ['a private network', '10.0.0.8'],
  ['a private network', '172.16.0.1'],
  ['a private network', '192.168.1.1'],
  ['a carrier’s network', '100.64.0.1'],
  ['a private network, in IPv6', 'fd00:ec2::254'],
  ['a link', 'fe80::1'],
  ['any address', '0.0.0.0'],
  ['a translated private network', '64:ff9b::a00:8'],
])('a name that resolves to %s is refused (%s)', async (_, address) => {
  const guarded = makePostWebhook({ lookup: resolvingTo(address), ca });
  await expect(answering((__, response) => response.end(), guarded)).rejects.toThrow(/not allowed/);
  expect(asked).toEqual([]);
});

test('so is an address that was written by its numbers', async () => {
  const { port } = server.address() as AddressInfo;
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]']) {
    const guarded = makePostWebhook({ ca });
    const sent = guarded({ name: 'pager', url: `https://${host}:${port}/` }, {}, '{}');
    await expect(sent, host).rejects.toThrow(/not allowed/);
  }
});

test('each delivery is resolved anew: a name that moves to a private address later is refused then', async () => {
  const addresses = ['127.0.0.1', '10.0.0.8'];
  const moving = makePostWebhook({
    lookup: (...call) => resolvingTo(addresses.shift() ?? '')(...call),
    ca,
    allowed: ['127.0.0.1'],
  });
  expect(await answering((_, response) => response.writeHead(200).end(), moving)).toBe(200);
  await expect(answering((_, response) => response.end(), moving)).rejects.toThrow(/not allowed/);
});
