import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayOptions, RunningGateway } from '../../../gateway/serve/start-gateway.ts';
import type { RawRequest } from '../../../gateway/wire/raw-request.ts';
import { type FakeBroker, READY, startFakeBroker } from './fake-broker.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { dynamodb, signed } from './signed.ts';
import { makeTables, openTestSession, startTestGateway } from './start-test-gateway.ts';

const RULES = `@id("all") permit (principal, action, resource);
  @id("deletions") forbid (principal, action in [Action::"dynamodb:DeleteTable",
    Action::"s3:PutObject", Action::"iam:DeleteUser", Action::"dynamodb:PutItem"], resource)
  unless { context.approvals >= 1 };`;

let broker: FakeBroker;
let upstream: FakeUpstream;
let gateway: RunningGateway;
const tables = makeTables();
const start = ({ times, ...more }: Partial<GatewayOptions> = {}) =>
  startTestGateway(
    tables,
    { api: broker.url, upstream: upstream.url },
    { rulesText: RULES, times: { lookMs: 10, ...times }, ...more },
  );
beforeAll(async () => {
  [broker, upstream] = await Promise.all([startFakeBroker(), startFakeUpstream()]);
  gateway = await start();
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
});

type Keys = ReturnType<typeof openTestSession>;
type Answer = { readonly status: number; readonly body: string; readonly continues: number };

/** Sends bytes as they were signed; `onSent` is told of the request, to take it back. */
function send(
  { request, body }: { request: RawRequest; body: Buffer },
  url = gateway.url,
  { userAgent, onSent }: { userAgent?: string; onSent?: (sent: ClientRequest) => void } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const path = request.queryText === '' ? request.path : `${request.path}?${request.queryText}`;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = {
    ...Object.fromEntries(request.headers),
    'content-length': String(body.length),
    ...(userAgent && { 'user-agent': userAgent }),
  };
  let continues = 0;
  const sent = httpRequest(
    { hostname, port, path, method: request.method, headers, agent: false },
    async (response: IncomingMessage) =>
      resolve({ status: response.statusCode ?? 0, body: String(await buffer(response)), continues }),
  );
  sent.on('information', ({ statusCode }) => {
    if (statusCode === 100) continues += 1;
  });
  sent.once('error', reject);
  sent.end(body);
  onSent?.(sent);
  return promise;
}

const sentAt = (keys: Keys, url = gateway.url) => ({ keys, now: new Date(), host: new URL(url).host });
const deletion = (keys: Keys, url = gateway.url, TableName = 'one_table') =>
  dynamodb('DeleteTable', { TableName }, sentAt(keys, url));
const events = () =>
  tables.records.map(({ event, facts }) =>
    [event, facts.operation, facts.httpStatus ?? facts.because].filter(Boolean).join(' '),
  );
/** Waits until it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}
const isAsked = (count = 1) => until(() => broker.people.requests.length === count);
const isHeld = () => until(() => tables.records.some(({ event }) => event === 'held'));

describe('a call that a rule leaves to people', () => {
  test('is held, made once it is approved, and its record says by which request', async () => {
    const answered = send(deletion(openTestSession(tables)));
    await isHeld();
    expect(upstream.seen).toEqual([]);
    broker.people.decide('ALLOWED');
    expect((await answered).status).toBe(200);
    expect(upstream.seen.length).toBe(1);
    await until(() => tables.records.length === 3);
    expect(events()).toEqual(['held DeleteTable', 'intent DeleteTable', 'outcome DeleteTable 200']);
    const [request] = broker.people.requests;
    expect(tables.records.map(({ facts }) => facts.approval)).toEqual(Array(3).fill(request?.requestId));
  });

  test('is shown with its parameters, what it is on, how many people and which rules', async () => {
    const answered = send(deletion(openTestSession(tables)));
    await isAsked();
    expect(broker.people.requests[0]?.call).toMatchObject({
      service: 'dynamodb',
      operation: 'DeleteTable',
      region: 'eu-central-1',
      needs: [
        { action: 'dynamodb:DeleteTable', on: 'arn:aws:dynamodb:eu-central-1:123456789012:table/one_table' },
      ],
      parameters: '{"TableName":"one_table"}',
      quorum: { approvals: 1, stepUp: 0 },
      rules: ['deletions'],
    });
    broker.people.decide('DENIED');
    expect((await answered).status).toBe(403);
  });

  test('that is denied reads as any other refusal, and is not asked again at once', async () => {
    const keys = openTestSession(tables);
    const answered = send(deletion(keys));
    await isAsked();
    broker.people.decide('DENIED');
    const { status, body } = await answered;
    expect([status, JSON.parse(body)]).toEqual([
      403,
      expect.objectContaining({
        __type: 'AccessDeniedException',
        message: 'Postern’s gateway does not allow this call. Its record says why.',
      }),
    ]);
    expect((await send(deletion(keys))).status).toBe(403);
    expect([broker.people.requests.length, upstream.seen.length]).toEqual([1, 0]);
  });

  test('whose denial is over asks anew', async () => {
    const keys = openTestSession(tables);
    const first = send(deletion(keys));
    await isAsked();
    broker.people.decide('DENIED', { now: new Date(Date.now() - 61_000) });
    await first;
    const second = send(deletion(keys));
    await isAsked(2);
    broker.people.decide('ALLOWED');
    expect((await second).status).toBe(200);
  });

  test('is not made with an approval of anything else', async () => {
    const answered = send(deletion(openTestSession(tables)));
    await isAsked();
    broker.people.decide('ALLOWED', { call: { parameters: '{"TableName":"two_table"}' } });
    expect((await answered).status).toBe(503);
    expect(upstream.seen).toEqual([]);
  });

  test('is asked about by nobody where no session could make it', async () => {
    broker.says({ status: 'DENIED' });
    expect((await send(deletion(openTestSession(tables)))).status).toBe(403);
    expect(broker.people.requests).toEqual([]);
  });

  test('of a session without a reason is refused, and nobody is asked', async () => {
    const keys = openTestSession(tables, { reason: undefined });
    expect((await send(deletion(keys))).body).toContain('--reason');
    expect(broker.people.requests).toEqual([]);
  });

  test('that cannot be recorded as held is not made', async () => {
    const answered = send(deletion(openTestSession(tables)));
    tables.isRecorderDown = true;
    expect((await answered).status).toBe(503);
    expect(upstream.seen).toEqual([]);
  });

  test('asks no more than a principal may in an hour', async () => {
    // One ask is for the session.
    const { countAsk } = makeTables().ports;
    const few = await start({ mostAsksPerHour: 3, countAsk, times: { holdMs: 0 } });
    try {
      const keys = openTestSession(tables);
      const statuses: number[] = [];
      for (const name of ['table_a', 'table_b', 'table_c', 'table_a'])
        statuses.push((await send(deletion(keys, few.url, name), few.url)).status);
      expect([statuses, broker.people.requests.length]).toEqual([[403, 403, 403, 403], 2]);
    } finally {
      await few.close();
    }
  });
});

describe('an approval', () => {
  let hasty: RunningGateway;
  beforeAll(async () => {
    hasty = await start({ times: { holdMs: 0, patientMs: 0 } });
  });
  afterAll(() => hasty.close());
  const tryNow = (keys: Keys, name?: string) => send(deletion(keys, hasty.url, name), hasty.url);

  test('that comes too late is used by the identical call, once; the next asks anew', async () => {
    const keys = openTestSession(tables);
    const first = await tryNow(keys);
    const [request] = broker.people.requests;
    expect([first.status, JSON.parse(first.body).message]).toEqual([
      403,
      expect.stringContaining(`(request ${request?.requestId})`),
    ]);
    expect(first.body).toContain('Repeat it, unchanged');
    broker.people.decide('ALLOWED');
    expect((await tryNow(keys)).status).toBe(200);
    const third = await tryNow(keys);
    expect([third.status, broker.people.requests.length]).toEqual([403, 2]);
    expect(upstream.seen.length).toBe(1);
  });

  test('serves no call with other parameters, of another session, or in another region', async () => {
    const keys = openTestSession(tables);
    await tryNow(keys);
    broker.people.decide('ALLOWED');
    const elsewhere = dynamodb(
      'DeleteTable',
      { TableName: 'one_table' },
      { ...sentAt(keys, hasty.url), region: 'eu-west-1' },
    );
    const others = [
      await tryNow(keys, 'two_table'),
      await tryNow(openTestSession(tables)),
      await send(elsewhere, hasty.url),
    ];
    expect(others.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect([broker.people.requests.length, upstream.seen.length]).toEqual([4, 0]);
    expect((await tryNow(keys)).status).toBe(200);
  });

  test('is over after its time', async () => {
    const keys = openTestSession(tables);
    await tryNow(keys);
    broker.people.decide('ALLOWED', { now: new Date(Date.now() - 901_000) });
    expect((await tryNow(keys)).status).toBe(403);
    expect([broker.people.requests.length, upstream.seen.length]).toEqual([2, 0]);
  });

  test('holds for a call whose idempotency token is another, and for none whose items are', async () => {
    const keys = openTestSession(tables);
    const write = (token: string, id: string) =>
      dynamodb(
        'TransactWriteItems',
        {
          ClientRequestToken: token,
          TransactItems: [{ Put: { TableName: 'one_table', Item: { id: { S: id } } } }],
        },
        sentAt(keys, hasty.url),
      );
    await send(write('first', 'a'), hasty.url);
    expect(broker.people.requests[0]?.call.parameters).not.toContain('first');
    broker.people.decide('ALLOWED');
    expect((await send(write('other', 'b'), hasty.url)).status).toBe(403);
    expect((await send(write('second', 'a'), hasty.url)).status).toBe(200);
  });

  test('is used once by two replicas with one key', async () => {
    const other = await start({ times: { holdMs: 0 } });
    try {
      const keys = openTestSession(tables);
      await tryNow(keys);
      broker.people.decide('ALLOWED');
      const both = await Promise.all([tryNow(keys), send(deletion(keys, other.url), other.url)]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect(upstream.seen.length).toBe(1);
    } finally {
      await other.close();
    }
  });

  test('outlives the gateway that held the call', async () => {
    const first = await start();
    const keys = openTestSession(tables);
    const held = send(deletion(keys, first.url), first.url);
    held.catch(() => {});
    await isHeld();
    await first.close();
    await expect(held).rejects.toThrow();
    broker.people.decide('ALLOWED');
    const second = await start();
    try {
      expect((await send(deletion(keys, second.url), second.url)).status).toBe(200);
      expect([broker.people.requests.length, upstream.seen.length]).toEqual([1, 1]);
    } finally {
      await second.close();
    }
  });

  test('that whoever gave it may give no more, right before its use, is not used; the same call asks anew', async () => {
    const keys = openTestSession(tables);
    await tryNow(keys);
    broker.people.decide('ALLOWED');
    let looks = 0;
    const get = async () => {
      looks += 1;
      // Once people have answered, whoever called is looked at again: after that comes the use.
      if (looks === 2) broker.people.withhold();
      return tables.principal;
    };
    const late = await start({ principals: { get }, times: { holdMs: 0 } });
    try {
      const refused = await send(deletion(keys, late.url), late.url);
      expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('may give it no more')]);
      expect((await tryNow(keys)).status).toBe(403);
      expect([broker.people.requests.length, upstream.seen.length]).toEqual([2, 0]);
    } finally {
      await late.close();
    }
  });

  test('ends with the session that it was asked in', async () => {
    const keys = openTestSession(tables);
    const answered = send(deletion(keys));
    await isHeld();
    const delegation = tables.delegations.get(keys.sessionId);
    if (delegation) {
      const ended = { at: new Date().toISOString(), by: 'admin' };
      tables.delegations.set(keys.sessionId, { ...delegation, ended });
    }
    broker.people.decide('ALLOWED');
    expect((await answered).body).toContain('ExpiredTokenException');
    expect(upstream.seen).toEqual([]);
  });
});

describe('a client', () => {
  test('that has gone gets nothing made for it; the identical rerun passes once', async () => {
    const keys = openTestSession(tables);
    const gone = send(deletion(keys), gateway.url, {
      onSent: (sent) => void isHeld().then(() => sent.destroy()),
    });
    await expect(gone).rejects.toThrow();
    await until(() => tables.records.length === 2);
    broker.people.decide('ALLOWED');
    expect(upstream.seen).toEqual([]);
    expect((await send(deletion(keys))).status).toBe(200);
    const again = send(deletion(keys));
    await isAsked(2);
    broker.people.decide('DENIED');
    expect([(await again).status, upstream.seen.length]).toEqual([403, 1]);
  });

  test.each([
    ['boto3', 'Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1', true],
    ['the AWS CLI', 'aws-cli/2.31.0 md/awscrt#0.27.6', true],
    ['the SDK for Go', 'aws-sdk-go-v2/1.39.0 ua/2.1', true],
    ['the SDK for JS', 'aws-sdk-js/3.1162.0 ua/2.1', false],
    ['the SDK for Java', 'aws-sdk-java/2.34.0', false],
    ['nobody known', undefined, false],
  ])('%s is told 100 Continue only where it is known to bear it', async (_, userAgent, isTold) => {
    const quick = await start({ times: { continueMs: 5, lookMs: 100 } });
    try {
      const keys = openTestSession(tables);
      const answered = send(deletion(keys, quick.url), quick.url, userAgent ? { userAgent } : {});
      await isHeld();
      broker.people.decide('ALLOWED');
      const { status, continues } = await answered;
      expect([status, continues > 0]).toEqual([200, isTold]);
    } finally {
      await quick.close();
    }
  });
});

test('an approval after minute 20 of a five-minute platform token still works', async () => {
  let aheadMs = 0;
  const later = await start({ clock: () => new Date(Date.now() + aheadMs) });
  try {
    const { delegation } = openTestSession(tables);
    broker.exchanges(delegation);
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::123456789012:role/postern-gateway',
      RoleSessionName: 'agent',
      // Its five minutes are the broker's to look at, once: nobody keeps it.
      WebIdentityToken: 'a.platform.token',
    });
    const come = await fetch(later.url, { method: 'POST', body: form });
    const text = await come.text();
    const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = [
      ...['AccessKeyId', 'SecretAccessKey', 'SessionToken'],
    ].map((name) => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? '');
    const keys = { accessKeyId, secretAccessKey, sessionToken };
    const call = () =>
      dynamodb(
        'DeleteTable',
        { TableName: 'one_table' },
        { keys, now: new Date(Date.now() + aheadMs), host: new URL(later.url).host },
      );
    aheadMs = 19 * 60_000;
    const answered = send(call(), later.url);
    await isHeld();
    // The call that was held then has long been given up; it is repeated, and finds its approval.
    aheadMs = 20.5 * 60_000;
    expect((await answered).body).toContain('People are asked');
    broker.people.decide('ALLOWED', { now: new Date(Date.now() + aheadMs) });
    expect((await send(call(), later.url)).status).toBe(200);
    expect([broker.people.requests.length, upstream.seen.length]).toEqual([1, 1]);
  } finally {
    await later.close();
  }
});

describe('what cannot be shown as it is', () => {
  const put = (keys: Keys, more: Partial<Parameters<typeof signed>[0]> = {}) =>
    signed({
      service: 's3',
      method: 'PUT',
      target: '/bucket-one/key',
      body: 'hello',
      ...sentAt(keys),
      ...more,
    });

  test('is refused, with what to do: a body that was not hashed, a copy of no version, too many words', async () => {
    const keys = openTestSession(tables);
    const long = dynamodb(
      'PutItem',
      { TableName: 'one_table', Item: { id: { S: 'x'.repeat(17_000) } } },
      sentAt(keys),
    );
    const copy = put(keys, { body: '', headers: { 'x-amz-copy-source': '/bucket-two/key' } });
    const told = [
      await send(put(keys, { payloadHash: 'UNSIGNED-PAYLOAD' })),
      await send(copy),
      await send(long),
    ];
    expect(told.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(told.map(({ body }) => /shown it as it was sent: ([^<"]*)\./.exec(body)?.[1])).toEqual([
      'sign its body with its digest',
      'name the version of the copy’s source',
      'send at most 16384 characters of parameters: people read all of them',
    ]);
    expect([broker.people.requests, upstream.seen]).toEqual([[], []]);
  });

  test('a body that no parameter tells is bound by its digest', async () => {
    const keys = openTestSession(tables);
    const answered = send(put(keys));
    await isAsked();
    expect(broker.people.requests[0]?.call.body).toEqual({
      bytes: 5,
      sha256: expect.stringMatching(/^2cf24dba/),
    });
    broker.people.decide('ALLOWED');
    expect((await answered).status).toBe(200);
    const other = send(put(keys, { body: 'other' }));
    await isAsked(2);
    broker.people.decide('DENIED');
    expect((await other).status).toBe(403);
  });

  test('secrets among the parameters are hidden, and bound all the same', async () => {
    const keys = openTestSession(tables);
    const write = (password: string) =>
      send(
        dynamodb(
          'PutItem',
          { TableName: 'one_table', Item: { user_password: { S: password } } },
          sentAt(keys),
        ),
      );
    const first = write('hunter2');
    await isAsked();
    expect(broker.people.requests[0]?.call.parameters).toBe(
      '{"Item":{"user_password":"[hidden: a secret]"},"TableName":"one_table"}',
    );
    const second = write('hunter3');
    await isAsked(2);
    for (const place of [0, 1]) broker.people.decide('DENIED', { place });
    expect([(await first).status, (await second).status]).toEqual([403, 403]);
  });

  test('a form is bound as it was sent, and refused in the service’s own words', async () => {
    const hasty = await start({ times: { holdMs: 0 } });
    try {
      const keys = openTestSession(tables);
      const remove = (name: string) =>
        signed({
          service: 'iam',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `Action=DeleteUser&Version=2010-05-08&UserName=${name}`,
          ...sentAt(keys, hasty.url),
        });
      const first = await send(remove('one'), hasty.url);
      expect([first.status, first.body]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
      broker.people.decide('ALLOWED');
      expect((await send(remove('two'), hasty.url)).status).toBe(403);
      expect((await send(remove('one'), hasty.url)).status).toBe(200);
    } finally {
      await hasty.close();
    }
  });
});
