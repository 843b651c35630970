import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeCall } from '../../../clients/cli/describe-calls.ts';
import { makeRecorder } from '../../../gateway/record/record-calls.ts';
import type { RunningGateway } from '../../../gateway/serve/start-gateway.ts';
import type { RawRequest } from '../../../gateway/wire/raw-request.ts';
import { readClaim } from '../../../gateway/wire/read-claim.ts';
import { chunkSignatures } from '../../../gateway/wire/signed-chunks.ts';
import { signingKey, timestampOf } from '../../../gateway/wire/signing-key.ts';
import { type FakeBroker, READY, startFakeBroker } from './fake-broker.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { dynamodb, signed } from './signed.ts';
import { makeTables, openTestSession, startTestGateway } from './start-test-gateway.ts';

let broker: FakeBroker;
let upstream: FakeUpstream;
let gateway: RunningGateway;
const tables = makeTables();
beforeAll(async () => {
  [broker, upstream] = await Promise.all([startFakeBroker(), startFakeUpstream()]);
  gateway = await startTestGateway(tables, { api: broker.url, upstream: upstream.url });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([broker.close(), upstream.close()]);
});
beforeEach(() => {
  broker.says(READY);
  upstream.seen.length = 0;
  tables.records.length = 0;
  tables.isRecorderDown = false;
  upstream.answers((_, response) =>
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}'),
  );
});

const FACTS = { callId: 'call', principalId: 'agent1' };
type Sent = { readonly request: RawRequest; readonly body: Buffer };
type Answer = {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
};

/** Sends bytes as they were signed; `write` sends the body in its own way. */
function send(
  { request, body }: Sent,
  url = gateway.url,
  write?: (sent: ClientRequest) => void,
  onHead: () => void = () => {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const path = request.queryText === '' ? request.path : `${request.path}?${request.queryText}`;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) };
  const sent = httpRequest(
    { hostname, port, path, method: request.method, headers, agent: false },
    async (response) => {
      onHead();
      try {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: await buffer(response),
        });
      } catch (error) {
        reject(error as Error);
      }
    },
  );
  sent.once('error', reject);
  if (write) write(sent);
  else sent.end(body);
  return promise;
}

const host = () => new URL(gateway.url).host;
type Keys = ReturnType<typeof openTestSession>;
const call = (keys: Keys, operation = 'GetItem', input: unknown = { TableName: 'one_table' }) =>
  dynamodb(operation, input, { keys, now: new Date(), host: host() });
const put = (keys: Keys, body: Buffer, payloadHash: string) =>
  signed({
    service: 's3',
    method: 'PUT',
    target: '/bucket-one/a//b%20c',
    body,
    payloadHash,
    keys,
    now: new Date(),
    host: host(),
  });
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const events = () =>
  tables.records.map(({ event, facts }) =>
    [event, facts.operation, facts.httpStatus ?? facts.because].filter(Boolean).join(' '),
  );
/** Waits until it holds: outcomes follow their answers. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}

describe('a call', () => {
  test('is made with the session’s keys, and recorded before and after', async () => {
    const keys = openTestSession(tables);
    const { status } = await send(call(keys));
    expect(status).toBe(200);
    expect(upstream.seen).toMatchObject([
      { method: 'POST', target: '/', body: Buffer.from('{"TableName":"one_table"}') },
    ]);
    expect(upstream.seen[0]?.error).toBeUndefined();
    expect(JSON.stringify(upstream.seen[0]?.headers)).not.toContain(keys.accessKeyId);
    await until(() => tables.records.length === 2);
    expect(events()).toEqual(['intent GetItem', 'outcome GetItem 200']);
  });

  test('that a rule would refuse which is only observed is made, and its records say so', async () => {
    const rules = `@id("all") permit (principal, action, resource);
      @id("no-reads") @observe("until January") forbid (principal, action in Action::"read", resource);`;
    const aws = { api: broker.url, upstream: upstream.url };
    const watching = await startTestGateway(tables, aws, { rulesText: rules });
    try {
      const where = { keys: openTestSession(tables), now: new Date(), host: new URL(watching.url).host };
      const [read, write] = ['GetItem', 'PutItem'].map((operation) =>
        dynamodb(operation, { TableName: 'one_table' }, where),
      );
      for (const each of [read, write]) if (each) expect((await send(each, watching.url)).status).toBe(200);
      await until(() => tables.records.length === 4);
      const observed = tables.records.map(({ facts }) => facts.observed?.rules.join());
      expect(observed).toEqual(['no-reads', 'no-reads', undefined, undefined]);
      const [intent] = tables.records;
      expect(intent && describeCall(intent)).toContain('[observed, not enforced: refused (no-reads)]');
    } finally {
      await watching.close();
    }
  });

  test('whose body is compressed is named all the same; what grows without end is not read', async () => {
    const keys = openTestSession(tables);
    const compressed = (text: string | Buffer) =>
      signed({
        service: 'monitoring',
        target: '/',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-encoding': 'gzip',
        },
        body: gzipSync(text),
        keys,
        now: new Date(),
        host: host(),
      });
    const put = 'Action=PutMetricData&Version=2010-08-01&Namespace=a';
    expect((await send(compressed(put))).status).toBe(200);
    expect((await send(compressed(Buffer.alloc(64 * 1024 * 1024, 'a')))).status).toBe(403);
    await until(() => tables.records.length === 3);
    expect(events()).toEqual([
      'intent PutMetricData',
      'outcome PutMetricData 200',
      'refused a body that cannot be decompressed',
    ]);
  });

  test('is not made where it cannot be recorded', async () => {
    const keys = openTestSession(tables);
    tables.isRecorderDown = true;
    const { status, body } = await send(call(keys));
    expect([status, JSON.parse(body.toString()).__type]).toEqual([503, 'ServiceUnavailable']);
    expect(upstream.seen).toEqual([]);
  });

  test('of five hundred at once is not lost, and asks once', async () => {
    const keys = openTestSession(tables);
    const all = await Promise.all(Array.from({ length: 500 }, () => send(call(keys))));
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect([upstream.seen.length, broker.asked.length]).toEqual([500, 1]);
    await until(() => tables.records.length === 1000);
    expect(new Set(tables.records.map(({ seq }) => seq)).size).toBe(1000);
  });

  test('waits while people decide, and is made once they have', async () => {
    broker.says({ status: 'AWAITING_APPROVAL' }, { status: 'AWAITING_APPROVAL' }, READY);
    const { status } = await send(call(openTestSession(tables)));
    expect([status, upstream.seen.length]).toEqual([200, 1]);
  });

  test('that people did not answer in time says so, and the same call goes on with that request', async () => {
    const hasty = await startTestGateway(
      tables,
      { api: broker.url, upstream: upstream.url },
      { times: { holdMs: 0 } },
    );
    try {
      const keys = openTestSession(tables);
      const sent = () =>
        dynamodb(
          'GetItem',
          { TableName: 'one_table' },
          { keys, now: new Date(), host: new URL(hasty.url).host },
        );
      broker.says({ status: 'AWAITING_APPROVAL' }, { status: 'AWAITING_APPROVAL' }, READY);
      const first = await send(sent(), hasty.url);
      expect([first.status, first.body.toString()]).toEqual([
        403,
        expect.stringContaining('People are asked'),
      ]);
      expect((await send(sent(), hasty.url)).status).toBe(403);
      expect((await send(sent(), hasty.url)).status).toBe(200);
      expect(broker.asked.length).toBe(1);
    } finally {
      await hasty.close();
    }
  });

  test('whose client has gone meanwhile is not made', async () => {
    broker.says({ status: 'AWAITING_APPROVAL' }, READY);
    const keys = openTestSession(tables);
    const sent = call(keys);
    const gone = send(sent, gateway.url, (request) => {
      request.end(sent.body);
      void until(() => broker.asked.length === 1).then(() => request.destroy());
    });
    await expect(gone).rejects.toThrow();
    await until(() => tables.records.length === 1);
    expect([events(), upstream.seen]).toEqual([['refused GetItem its client has gone'], []]);
  });

  test('asks no more than a principal may in an hour', async () => {
    const few = await startTestGateway(
      tables,
      { api: broker.url, upstream: upstream.url },
      { mostAsksPerHour: 2, countAsk: makeTables().ports.countAsk },
    );
    try {
      const keys = openTestSession(tables);
      broker.says({ status: 'DENIED' });
      const statuses: number[] = [];
      for (const TableName of ['table_a', 'table_b', 'table_c', 'table_d']) {
        const sent = dynamodb(
          'GetItem',
          { TableName },
          { keys, now: new Date(), host: new URL(few.url).host },
        );
        statuses.push((await send(sent, few.url)).status);
      }
      expect([statuses, broker.asked.length]).toEqual([[403, 403, 403, 403], 2]);
    } finally {
      await few.close();
    }
  });

  test('is made only as far as what was granted covers it', async () => {
    const sessionPolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'dynamodb:GetItem',
          Resource: 'arn:aws:dynamodb:eu-central-1:123456789012:table/other',
        },
      ],
    });
    broker.says({ status: 'READY', sessionPolicy });
    expect((await send(call(openTestSession(tables)))).status).toBe(403);
    expect(upstream.seen).toEqual([]);
  });

  test('with the keys of one replica is taken by another', async () => {
    const other = await startTestGateway(tables, { api: broker.url, upstream: upstream.url });
    try {
      const keys = openTestSession(tables);
      const sent = dynamodb(
        'GetItem',
        { TableName: 'one_table' },
        { keys, now: new Date(), host: new URL(other.url).host },
      );
      expect((await send(sent, other.url)).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('the upstream', () => {
  test('answers with an error of its own: it is passed on', async () => {
    upstream.answers((_, response) =>
      response.writeHead(500, { 'x-amzn-requestid': 'of-aws' }).end('{"__type":"InternalServerError"}'),
    );
    const { status, body, headers } = await send(call(openTestSession(tables)));
    expect([status, body.toString(), headers['x-amzn-requestid']]).toEqual([
      500,
      '{"__type":"InternalServerError"}',
      'of-aws',
    ]);
  });

  test('cannot be reached, or cuts: the client is told in the service’s words, and the record says so', async () => {
    upstream.answers((_, response) => response.destroy());
    const { status, body } = await send(call(openTestSession(tables)));
    expect([status, JSON.parse(body.toString()).__type]).toEqual([503, 'ServiceUnavailable']);
    await until(() => tables.records.length === 2);
    expect(events()).toEqual(['intent GetItem', 'outcome GetItem the upstream does not answer']);
  });

  test('sends as fast as the client reads, and all of it', async () => {
    const object = randomBytes(8 * 1024 * 1024);
    upstream.answers((_, response) =>
      response.writeHead(200, { 'content-length': object.length }).end(object),
    );
    const get = signed({
      service: 's3',
      method: 'GET',
      target: '/bucket-one/key',
      keys: openTestSession(tables),
      now: new Date(),
      host: host(),
    });
    expect(sha((await send(get)).body)).toBe(sha(object));
  });
});

describe('an upload', () => {
  const object = randomBytes(3 * 1024 * 1024);

  test.each([
    ['hashed', sha(object)],
    ['not hashed', 'UNSIGNED-PAYLOAD'],
  ])('that is %s streams through, at its path', async (_, payloadHash) => {
    const { status } = await send(put(openTestSession(tables), object, payloadHash));
    expect(status).toBe(200);
    expect(upstream.seen.map(({ target, error, body }) => [target, error, sha(body)])).toEqual([
      ['/bucket-one/a//b%20c', undefined, sha(object)],
    ]);
  });

  test('whose digest is wrong never reaches AWS whole', async () => {
    const before = upstream.cut();
    const sent = put(openTestSession(tables), object, sha(Buffer.from('other')));
    const answer = await send(sent).catch((error: Error) => error);
    expect(
      answer instanceof Error ||
        (answer.status === 400 && answer.body.toString().includes('XAmzContentSHA256Mismatch')),
    ).toBe(true);
    await until(() => upstream.cut() > before);
    expect(upstream.seen).toEqual([]);
  });

  test('in signed chunks is signed anew, chunk by chunk', async () => {
    const keys = openTestSession(tables);
    const payloadHash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const chunks = [object.subarray(0, 70_000), object.subarray(70_000, 100_000), Buffer.alloc(0)];
    const head = signed({
      ...{
        service: 's3',
        method: 'PUT',
        target: '/bucket-one/key',
        payloadHash,
        keys,
        now: new Date(),
        host: host(),
      },
      headers: { 'x-amz-decoded-content-length': '100000', 'content-encoding': 'aws-chunked' },
    });
    const claim = readClaim({
      headers: new Headers([...head.request.headers]),
      url: { searchParams: new URLSearchParams() },
    });
    const scope = { timestamp: timestampOf(claim.signedAt), region: claim.region, service: 's3' };
    const chain = chunkSignatures({
      key: signingKey(keys.secretAccessKey, scope),
      scope,
      signature: claim.signature,
    });
    const body = Buffer.concat(
      chunks.flatMap((chunk) => [
        Buffer.from(`${chunk.length.toString(16)};chunk-signature=${chain.ofChunk(chunk)}\r\n`),
        chunk,
        Buffer.from('\r\n'),
      ]),
    );
    expect((await send({ request: head.request, body })).status).toBe(200);
    const tampered = Buffer.from(body);
    // In the second chunk: the first is on its way by then.
    tampered[90_000] = (tampered[90_000] ?? 0) ^ 1;
    const before = upstream.cut();
    await send({ request: head.request, body: tampered }).catch(() => {});
    await until(() => upstream.cut() > before);
    expect(upstream.seen.map(({ error }) => error)).toEqual([undefined]);
    expect(upstream.seen[0]?.body.length).toBe(body.length);
    expect(upstream.seen[0]?.body.equals(body)).toBe(false);
  });

  test('of which half comes is not made whole', async () => {
    const before = upstream.cut();
    const sent = put(openTestSession(tables), object, sha(object));
    const half = send(sent, gateway.url, (request) => {
      request.write(sent.body.subarray(0, 100_000));
      void until(() => tables.records.length > 0).then(() => request.destroy());
    });
    await expect(half).rejects.toThrow();
    await until(() => upstream.cut() > before);
    expect(upstream.seen).toEqual([]);
  });
});

test('a session that ends while it downloads is cut', async () => {
  const quick = await startTestGateway(tables, { api: broker.url, upstream: upstream.url }, { lookMs: 20 });
  try {
    const keys = openTestSession(tables);
    upstream.answers((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(Buffer.alloc(1000));
    });
    const get = signed({
      service: 's3',
      method: 'GET',
      target: '/bucket-one/key',
      keys,
      now: new Date(),
      host: new URL(quick.url).host,
    });
    const { promise: begun, resolve: onHead } = Promise.withResolvers<void>();
    const downloading = send(get, quick.url, undefined, onHead);
    downloading.catch(() => {});
    await begun;
    const delegation = tables.delegations.get(keys.sessionId);
    if (delegation)
      tables.delegations.set(keys.sessionId, {
        ...delegation,
        ended: { at: new Date().toISOString(), by: 'admin' },
      });
    await expect(downloading).rejects.toThrow();
    expect((await send(get, quick.url)).status).toBe(403);
  } finally {
    await quick.close();
  }
});

test('replicas that begin in the same second both record a session, each in a chain of its own', async () => {
  const now = new Date();
  const places = new Set<string>();
  const calls = {
    async append({ session, seq }: { session: string; seq: number }) {
      const place = `${session} ${seq}`;
      return !places.has(place) && Boolean(places.add(place));
    },
  };
  const recorders = [1, 2].map(() =>
    makeRecorder({ calls, sign: () => 'signature', clock: () => now, onLost: () => {} }),
  );
  for (const recorder of [...recorders, ...recorders]) await recorder.write('gateway-1', 'intent', FACTS);
  expect(places.size).toBe(4);
});

test('a session that is ended is over at every gateway at once, and its downloads with it', async () => {
  const options = { api: broker.url, upstream: upstream.url };
  const both = await Promise.all([1, 2].map(() => startTestGateway(tables, options, { lookMs: 20 })));
  try {
    const keys = openTestSession(tables);
    upstream.answers((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(Buffer.alloc(1000));
    });
    const get = ({ url }: RunningGateway) =>
      signed({
        ...{ service: 's3', method: 'GET', target: '/bucket-one/key', keys, now: new Date() },
        host: new URL(url).host,
      });
    const downloads = await Promise.all(
      both.map(async (each) => {
        const { promise: begun, resolve: onHead } = Promise.withResolvers<void>();
        const downloading = send(get(each), each.url, undefined, onHead).then(
          () => 'whole',
          () => 'cut',
        );
        await begun;
        return { downloading };
      }),
    );
    const delegation = tables.delegations.get(keys.sessionId);
    const ended = { at: new Date().toISOString(), by: 'admin' };
    if (delegation) tables.delegations.set(keys.sessionId, { ...delegation, ended });
    expect(await Promise.all(downloads.map(({ downloading }) => downloading))).toEqual(['cut', 'cut']);
    const later = await Promise.all(both.map((each) => send(get(each), each.url)));
    expect(later.map(({ status, body }) => [status, String(body).includes('ExpiredTokenException')])).toEqual(
      [
        [403, true],
        [403, true],
      ],
    );
    expect(upstream.seen.length).toBe(2);
  } finally {
    await Promise.all(both.map((each) => each.close()));
  }
});

describe('a presigned URL', () => {
  test('is refused unless a rule allows it', async () => {
    const rules = '@id("all") permit (principal, action, resource) unless { context.presigned };';
    const strict = await startTestGateway(
      tables,
      { api: broker.url, upstream: upstream.url },
      { rulesText: rules },
    );
    try {
      const keys = openTestSession(tables);
      const { SignatureV4 } = await import('@smithy/signature-v4');
      const { Sha256 } = await import('@aws-crypto/sha256-js');
      const presign = async (url: string) => {
        const { hostname, port, host: name } = new URL(url);
        const signer = new SignatureV4({
          credentials: {
            accessKeyId: keys.accessKeyId,
            secretAccessKey: keys.secretAccessKey,
            sessionToken: keys.sessionToken,
          },
          region: 'eu-central-1',
          service: 's3',
          sha256: Sha256,
          uriEscapePath: false,
          applyChecksum: false,
        });
        const { query = {} } = await signer.presign({
          method: 'GET',
          protocol: 'http:',
          hostname,
          port: Number(port),
          path: '/bucket-one/key',
          headers: { host: name, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
          query: {},
        });
        return `${url}/bucket-one/key?${new URLSearchParams(query as Record<string, string>)}`;
      };
      expect((await fetch(await presign(strict.url))).status).toBe(403);
      expect(upstream.seen).toEqual([]);
      // Where a rule does: within what the session has, and never a reason to ask.
      expect((await fetch(await presign(gateway.url))).status).toBe(403);
      expect(broker.asked).toEqual([]);
      const get = {
        service: 's3',
        method: 'GET',
        target: '/bucket-one/key',
        keys,
        now: new Date(),
        host: host(),
      };
      await send(signed(get));
      expect((await fetch(await presign(gateway.url))).status).toBe(200);
      expect(upstream.seen.map(({ target, error }) => [target, error])).toEqual([
        ['/bucket-one/key', undefined],
        ['/bucket-one/key', undefined],
      ]);
    } finally {
      await strict.close();
    }
  });
});

test.each([
  [
    'an unknown service',
    () => signed({ service: 'nothing', now: new Date(), host: host(), keys: openTestSession(tables) }),
    403,
  ],
  ['what is not named', () => call(openTestSession(tables), 'DropEverything', {}), 403],
  [
    'a body that was changed',
    () => ({ ...call(openTestSession(tables)), body: Buffer.from('{"TableName":"secrets_"}') }),
    403,
  ],
  [
    'a host that is another’s',
    () =>
      dynamodb(
        'GetItem',
        { TableName: 'one_table' },
        { keys: openTestSession(tables), now: new Date(), host: 'evil.127.0.0.1' },
      ),
    403,
  ],
])('%s is refused, and AWS sees nothing of it', async (_, make, status) => {
  expect((await send(make())).status).toBe(status);
  expect(upstream.seen).toEqual([]);
});

describe('a host before which the operation’s prefix stands', () => {
  const sync = (hostName: string) =>
    signed({
      service: 'states',
      headers: {
        'x-amz-target': 'AWSStepFunctions.StartSyncExecution',
        'content-type': 'application/x-amz-json-1.0',
      },
      body: '{"stateMachineArn":"arn:aws:states:eu-central-1:123456789012:stateMachine:nightly"}',
      keys: openTestSession(tables),
      now: new Date(),
      host: hostName,
    });

  test('is the gateway’s all the same; AWS is called by its own', async () => {
    expect((await send(sync(`sync-${host()}`))).status).toBe(200);
    expect(upstream.seen.map(({ headers, error }) => [headers.host, error])).toEqual([
      [new URL(upstream.url).host, undefined],
    ]);
  });

  test('is refused with a label that is no prefix of the operation', async () => {
    const get = dynamodb(
      'GetItem',
      { TableName: 'one_table' },
      { keys: openTestSession(tables), now: new Date(), host: `sync.${host()}` },
    );
    expect((await send(get)).status).toBe(403);
    expect(upstream.seen).toEqual([]);
  });
});
