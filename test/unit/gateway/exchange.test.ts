import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { harOf } from '../../../clients/calls/har-of.ts';
import { reconcileCalls } from '../../../clients/calls/reconcile-calls.ts';
import type { NamedCall } from '../../../gateway/identify/named-call.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { NOTHING_MASKED, type Planned } from '../../../gateway/mask/plan-mask.ts';
import { makeCapture } from '../../../gateway/record/capture.ts';
import { describeExchange, type Exchange } from '../../../gateway/record/describe-exchange.ts';
import { makeKeepExchange } from '../../../gateway/record/keep-exchange.ts';
import { replayExchange } from '../../../gateway/replay/replay-exchange.ts';
import { readRawRequest } from '../../../gateway/wire/raw-request.ts';
import type { CallRecord } from '../../../lambdas/shared/domain/audit/call-record.ts';

const models = openModels();
function named(signing: string, name: string, protocol: NamedCall['protocol']): NamedCall {
  const service = models.of(signing).find(({ operations }) => operations.has(name));
  const operation = service?.operations.get(name);
  if (!service || !operation) throw new Error(`no operation ${name}`);
  return { service, operation, protocol, parameters: {} };
}
const captured = (body: string | Buffer) => {
  const capture = makeCapture();
  capture.add(Buffer.from(body));
  return capture.captured();
};
const NOTHING: Planned = { outcome: 'nothing' };
const GET_SECRET = named('secretsmanager', 'GetSecretValue', 'json');

function exchange(call: NamedCall, sent: string | Buffer, more: Partial<Exchange> = {}, target = '/') {
  const headers = [
    'host',
    'gateway',
    'authorization',
    'AWS4',
    'x-amz-security-token',
    't',
    'x-amz-target',
    'a',
  ];
  return {
    ...{ session: 'gateway-1', callId: 'call-1', call, region: 'eu-central-1', planned: NOTHING },
    request: readRawRequest('POST', target, headers),
    sent: captured(sent),
    ...more,
  };
}
const answered = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  answer: { status: 200, headers: new Map(Object.entries(headers)), body: captured(body) },
});

describe('what is kept of a call', () => {
  test('has no signature, and no token', () => {
    const { request } = describeExchange(exchange(GET_SECRET, '{}', {}, '/a?X-Amz-Signature=1&b=c'));
    expect(request.headers).toEqual({ host: 'gateway', 'x-amz-target': 'a' });
    expect(request.target).toBe('/a?b=c');
  });

  test('has what the models call sensitive masked, in requests too', () => {
    const put = named('secretsmanager', 'PutSecretValue', 'json');
    const { request } = describeExchange(exchange(put, '{"SecretId":"a","SecretString":"hunter2"}'));
    expect([request.body.text, request.masked]).toEqual(['{"SecretId":"a","SecretString":"[masked]"}', true]);
    const form = named('iam', 'CreateLoginProfile', 'query');
    const login = describeExchange(exchange(form, 'Action=CreateLoginProfile&UserName=sam&Password=hunter2'));
    expect(login.request.body.text).toBe('Action=CreateLoginProfile&UserName=sam&Password=%5Bmasked%5D');
    const plan = { outcome: 'mask', plan: { ...NOTHING_MASKED, sensitive: true } } as const;
    const { answer } = describeExchange(
      exchange(GET_SECRET, '{}', { planned: plan, ...answered('{"SecretString":"hunter2"}') }),
    );
    expect(answer?.body.text).toBe('{"SecretString":"[masked]"}');
  });

  it.each([
    ['credentials', named('ecr', 'GetAuthorizationToken', 'json'), NOTHING, '{"authorizationData":[]}'],
    ['what no mask reads', GET_SECRET, { outcome: 'refuse', because: 'a stream' } as const, '{}'],
    [
      'what is no JSON, and to be masked',
      GET_SECRET,
      { outcome: 'mask', plan: { ...NOTHING_MASKED, sensitive: true } } as const,
      '{"SecretString":"hunter2"',
    ],
    [
      'what is longer than is kept, and to be masked',
      GET_SECRET,
      { outcome: 'mask', plan: { ...NOTHING_MASKED, sensitive: true } } as const,
      `{"SecretString":"${'hunter2'.repeat(50_000)}"}`,
    ],
  ])('has nothing of %s', (_, call, planned, body) => {
    const { answer } = describeExchange(exchange(call, '{}', { planned, ...answered(body) }));
    expect(answer?.body).toEqual({ bytes: body.length, withheld: expect.any(String) });
  });

  test('is the beginning of what is long; compressed text is read', () => {
    const object = named('s3', 'GetObject', 'rest-xml');
    const bytes = randomBytes(300 * 1024);
    const { answer } = describeExchange(exchange(object, '', answered(bytes)));
    expect(answer?.body).toMatchObject({ bytes: bytes.length, truncated: true });
    expect(Buffer.from(answer?.body.base64 ?? '', 'base64').length).toBe(256 * 1024);
    const text = describeExchange(
      exchange(object, '', answered(gzipSync('plain'), { 'content-encoding': 'gzip' })),
    );
    expect(text.answer?.body.text).toBe('plain');
    const cut = describeExchange(exchange(object, '', answered(`${'é'.repeat(200_000).slice(1)}xx`)));
    expect(cut.answer?.body).toMatchObject({ truncated: true, text: expect.stringMatching(/^é+$/) });
  });

  test('is lost where the archive does not take it, and the log says so', async () => {
    const logged: unknown[] = [];
    const down = { putOnce: () => Promise.reject(new Error('down')) };
    const keep = makeKeepExchange(down, (facts) => logged.push(facts));
    const { sent: _, ...others } = exchange(GET_SECRET, '{}');
    expect(await keep({ ...others, sent: makeCapture(), answered: makeCapture() })).toBeUndefined();
    expect(logged).toMatchObject([{ lost: 'bodies', callId: 'call-1' }]);
  });
});

const record = (event: CallRecord['event'], facts: Partial<CallRecord['facts']>): CallRecord => ({
  ...{ session: 'gateway-1', seq: 1, event, at: '2026-11-29T08:00:00.000Z' },
  facts: { callId: 'call-1', principalId: 'analyst1', ...facts },
  ...{ previousHash: '', hash: '', signature: '' },
});

test('an HTTP archive says why a body is not in it', () => {
  const kept = describeExchange(
    exchange(named('ecr', 'GetAuthorizationToken', 'json'), '{}', answered('{"a":1}')),
  );
  const { log } = harOf([{ record: record('outcome', { milliseconds: 5 }), exchange: kept }]);
  expect(log.entries).toMatchObject([
    {
      startedDateTime: '2026-11-29T07:59:59.995Z',
      request: { url: 'https://gateway/', bodySize: 2 },
      response: { status: 200, content: { size: 7, comment: 'withheld: it holds credentials' } },
    },
  ]);
});

test('a call whose outcome was lost is told apart from one that nobody recorded', async () => {
  const call = (awsRequestId: string, sessionName = 'analyst1-1') => ({
    ...{ at: '2026-11-29T08:00:00Z', principalId: 'analyst1', sessionName, action: 'dynamodb:Scan' },
    ...{ resources: [], allowed: true, awsRequestId },
  });
  const records = [
    record('intent', { requestId: 'analyst1-1' }),
    record('outcome', { requestId: 'analyst1-1', awsRequestId: 'a' }),
    record('intent', { requestId: 'analyst1-1' }),
  ];
  const found = await reconcileCalls(records, [
    call('a'),
    call('a'),
    call('b'),
    call('c'),
    call('d', 'analyst1-2'),
  ]);
  expect([found.calls, found.recorded]).toEqual([3, 1]);
  expect(found.unrecorded.map(({ call: { awsRequestId }, why }) => [awsRequestId, why])).toEqual([
    ['b', 'lost'],
    ['c', 'unknown'],
  ]);
});

describe('a call that is made again', () => {
  async function replay(answer: string, recorded = '{"Item":{"a":{"S":"1"}}}', sent = '{"TableName":"t"}') {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(String(request.headers.authorization));
      request.resume().once('end', () => response.end(answer));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    try {
      const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const kept = describeExchange(exchange(named('dynamodb', 'GetItem', 'json'), sent, answered(recorded)));
      const keys = { accessKeyId: 'PSTN', secretAccessKey: 's' };
      return { replayed: await replayExchange(kept, { endpoint, keys, now: () => new Date() }), seen };
    } finally {
      server.close();
    }
  }

  test('is the same where other values have the same form', async () => {
    const { replayed, seen } = await replay('{"Item":{"a":{"S":"2"}}}');
    expect([replayed, seen]).toEqual([
      { outcome: 'same', status: 200 },
      [expect.stringContaining('AWS4-HMAC-SHA256 Credential=PSTN/')],
    ]);
  });

  test('is different where a member is missing, added or of another kind', async () => {
    expect((await replay('{"Item":{"a":{"N":"2"}}}')).replayed).toEqual({
      outcome: 'different',
      status: [200, 200],
      missing: ['.Item.a.S string'],
      added: ['.Item.a.N string'],
    });
  });

  test('is not made anywhere but on this machine', async () => {
    const kept = describeExchange(exchange(GET_SECRET, '{}', answered('{}')));
    const to = { endpoint: new URL('http://10.0.0.1'), keys: { accessKeyId: 'a', secretAccessKey: 'b' } };
    await expect(replayExchange(kept, { ...to, now: () => new Date() })).rejects.toThrow('this machine');
  });
});
