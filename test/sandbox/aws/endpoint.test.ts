import { once } from 'node:events';
import { request } from 'node:http';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAwsEndpoint } from '../../../sandbox/aws/start-aws-endpoint.ts';
import type { AwsService } from '../../../sandbox/aws/types.ts';
import { PortTaken } from '../../../sandbox/listen-locally.ts';
import { callJson, codeIn, type Keys, post, presign } from './signed-call.ts';
import { allow, type Small, startSmall, userArn } from './small-endpoint.ts';

/** A service of somebody else's, plugged in. */
const ECHO: AwsService = {
  name: 'states',
  authorizations: () => [{ action: 'states:ListStateMachines', resource: '*' }],
  async handle({ input, caller }) {
    if (input.fail) throw new Error('it broke');
    return { input, caller: caller.arn };
  },
};

let small: Small;
let url: string;
let admin: Keys;
beforeAll(async () => {
  small = await startSmall({}, [ECHO]);
  ({ admin } = small);
  url = small.aws.url;
});
afterAll(() => small.aws.close());

const echo = (keys: Keys, input: unknown) =>
  post(url, keys, 'states', JSON.stringify(input), { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' });

// The SDK for Go warns at each answer without it.
test.each(['ListTables', 'DescribeTable'])(
  'DynamoDB: %s is answered with its checksum, errors too',
  async (operation) => {
    const answer = await post(
      url,
      admin,
      'dynamodb',
      JSON.stringify(operation === 'ListTables' ? {} : { TableName: 'none_such' }),
      {
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
    );
    const body = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('x-amz-crc32')).toBe(String(crc32(body)));
    expect(answer.status).toBe(operation === 'ListTables' ? 200 : 400);
  },
);

describe('a service that is plugged in', () => {
  test('gets the input and the caller', async () => {
    expect(await (await echo(admin, { a: 1 })).json()).toEqual({ input: { a: 1 }, caller: userArn('admin') });
  });
  test('is asked only by whom IAM allows', async () => {
    const answer = await echo(small.user('nobody', []), {});
    expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
      400,
      'AccessDeniedException',
    ]);
  });
  test('that fails answers as AWS does when it fails', async () => {
    const answer = await echo(admin, { fail: true });
    expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([
      500,
      'InternalFailure',
    ]);
  });
});

test.each([
  ['a service there is not', 'ecr', '{}', 'UnknownServiceException'],
  ['a body that is no JSON', 'states', '{', 'SerializationException'],
  ['a body that is a list', 'states', '[]', 'SerializationException'],
])('%s: refused', async (_, service, body, code) => {
  const answer = await post(url, admin, service, body, { 'x-amz-target': 'X.Y' });
  expect(await answer.json()).toMatchObject({ __type: code });
});

describe('a presigned URL', () => {
  const identity = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const codeOf = async (address: string) => codeIn(await (await fetch(address)).text());

  test('is good for as long as it says', async () => {
    const young = await presign(url, admin, 'sts', identity, { expiresIn: 900, signingDate: minutesAgo(10) });
    expect(await (await fetch(young)).text()).toContain(`<Arn>${userArn('admin')}</Arn>`);
    const old = await presign(url, admin, 'sts', identity, { expiresIn: 300, signingDate: minutesAgo(10) });
    expect(await codeOf(old)).toBe('SignatureDoesNotMatch');
    const early = await presign(url, admin, 'sts', identity, { signingDate: minutesAgo(-10) });
    expect(await codeOf(early)).toBe('SignatureDoesNotMatch');
  });
  test('of a session carries its token', async () => {
    const { caller } = small.aws.credentials.find(admin.accessKeyId) ?? {};
    if (!caller) throw new Error('no admin');
    const keys = { accessKeyId: 'ASIASESSIONSESSION', secretAccessKey: 's', sessionToken: 'a+b/c==' };
    small.aws.credentials.add({ ...keys, caller });
    const { sessionToken: _, ...without } = keys;
    expect((await fetch(await presign(url, keys, 'sts', identity))).status).toBe(200);
    expect(await codeOf(await presign(url, without, 'sts', identity))).toBe('InvalidClientTokenId');
  });
  test.each<[string, (signed: string) => string, string]>([
    [
      'of another operation',
      (it) => it.replace('GetCallerIdentity', 'GetSessionToken'),
      'SignatureDoesNotMatch',
    ],
    ['with more in it', (it) => `${it}&x=1`, 'SignatureDoesNotMatch'],
    ['for longer', (it) => it.replace('Expires=60', 'Expires=600'), 'SignatureDoesNotMatch'],
    ['for more than a week', (it) => it.replace('Expires=60', 'Expires=604801'), 'IncompleteSignature'],
    ['by another way of signing', (it) => it.replace('HMAC-SHA256', 'HMAC-SHA1'), 'IncompleteSignature'],
    ['with a parameter that no signature holds', (it) => `${it}&__proto__=1`, 'SignatureDoesNotMatch'],
  ])('%s: refused', async (_, change, code) => {
    expect(await codeOf(change(await presign(url, admin, 'sts', identity)))).toBe(code);
  });
  test('beside a signed header: refused', async () => {
    const answer = await fetch(await presign(url, admin, 'sts', identity), {
      headers: { authorization: 'AWS4-HMAC-SHA256 x' },
    });
    expect(codeIn(await answer.text())).toBe('IncompleteSignature');
  });
});

describe('what a signature must cover', () => {
  test('a host is part of it: a call signed for elsewhere is refused here', async () => {
    const other = await startSmall({}, [ECHO]);
    const { admin: same } = other;
    const elsewhere = await presign(other.aws.url, same, 'sts', { Action: 'GetCallerIdentity' });
    await other.aws.close();
    const answer = await fetch(elsewhere.replace(other.aws.url, url));
    expect(codeIn(await answer.text())).toBe('SignatureDoesNotMatch');
  });
  test('the body, whatever digest of it is signed', async () => {
    const answer = await post(url, admin, 'states', '{}', {
      'x-amz-target': 'AWSStepFunctions.ListStateMachines',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    });
    expect(await answer.json()).toMatchObject({ __type: 'InvalidSignatureException' });
  });
});

describe('the check of calls to the API', () => {
  const signedFor = async (service: string) =>
    new Request(await presign(url, admin, service, {}), { headers: { host: new URL(url).host } });

  test('tells who signed for execute-api, and leaves the request to be read', async () => {
    const request = await signedFor('execute-api');
    expect((await small.aws.verify(request)).arn).toBe(userArn('admin'));
    expect(request.bodyUsed).toBe(false);
  });
  test('refuses what was signed for another service', async () => {
    await expect(small.aws.verify(await signedFor('dynamodb'))).rejects.toMatchObject({
      code: 'InvalidSignatureException',
    });
  });
});

describe('the door', () => {
  const send = async (headers: Record<string, string>, body: (write: (text: string) => void) => void) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, method: 'POST', headers });
    // The server may hang up while the body is still being written.
    sent.on('error', () => {});
    const answered = once(sent, 'response');
    body((text) => sent.write(text));
    sent.end();
    const [answer] = await answered;
    return answer.statusCode as number;
  };

  test('is closed to a name that is not of this machine', async () => {
    expect(await send({ host: 'postern.example' }, () => {})).toBe(421);
  });
  test.each([
    ['that says so', { 'content-length': String(17 * 1024 * 1024) }],
    ['that does not', { 'transfer-encoding': 'chunked' }],
  ])('takes no body of 17 MB %s', async (_, headers) => {
    const block = 'x'.repeat(1024 * 1024);
    const status = await send({ ...headers, 'x-amz-target': 'X.Y' }, (write) => {
      for (let n = 0; n < 17; n++) write(block);
    });
    expect(status).toBe(413);
  });
  test('takes a body that comes in chunks', async () => {
    expect(await send({ 'transfer-encoding': 'chunked' }, (write) => write('Action=X'))).toBe(403);
  });
  test('on a port that somebody has: PortTaken', async () => {
    const template = {
      tables: [],
      functions: [],
      roles: [],
      stateMachines: [],
      keys: [],
      secrets: [],
      routes: [],
      streams: [],
      queues: [],
      queueMappings: [],
      topicArns: [],
      webSockets: [],
      tokenRoutes: [],
      pipes: [],
      outputs: {},
    };
    const taken = startAwsEndpoint({ port: Number(new URL(url).port), services: [], template });
    await expect(taken).rejects.toBeInstanceOf(PortTaken);
  });
});

test('a name that occurs in every object is the name of no table', async () => {
  const reader = small.user('reader', [allow('dynamodb:GetItem')]);
  const { body } = await callJson(url, reader, 'DynamoDB_20120810.GetItem', {
    TableName: 'constructor',
    Key: { id: { S: 'x' } },
  });
  expect(body.__type).toBe('ResourceNotFoundException');
});
