import { describe, expect, it, test } from 'vitest';
import { canonicalPath, canonicalRequest } from '../../../gateway/wire/canonical-request.ts';
import {
  type Pair,
  type RawRequest,
  readFormBody,
  readRawRequest,
} from '../../../gateway/wire/raw-request.ts';
import { signRequest } from '../../../gateway/wire/sign-request.ts';
import { sha256, signatureOf, signingKey } from '../../../gateway/wire/signing-key.ts';
import { verifyRequest } from '../../../gateway/wire/verify-request.ts';
import suite from '../../cases/gateway/sigv4-vectors.json' with { type: 'json' };
import { dynamodb, HOST, KEYS, NOW, signed } from './signed.ts';

type Vector = {
  name: string;
  method?: string;
  path: string;
  query?: [string, string][];
  headers?: Record<string, string>;
  body?: string;
  signature: string;
};

const known = (id: string) =>
  id === KEYS.accessKeyId
    ? {
        secretAccessKey: KEYS.secretAccessKey,
        expiresAt: new Date(NOW.getTime() + 3_600_000),
        caller: 'agent',
      }
    : undefined;
const verify = ({ request, body }: { request: RawRequest; body: Buffer | undefined }, now = NOW) =>
  verifyRequest(request, body, known, now);
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).name;
  }
  return 'taken';
};
const withHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: new Map([...request.headers, [name, value]]),
});

describe('signatures', () => {
  it.each(suite.vectors as unknown as Vector[])('$name has the signature that AWS publishes', (vector) => {
    const scope = { timestamp: suite.timestamp, region: 'us-east-1', service: 'service' };
    const headers = new Map(
      Object.entries({ ...vector.headers, host: 'example.amazonaws.com', 'x-amz-date': suite.timestamp }),
    );
    const request: RawRequest = {
      method: vector.method ?? 'GET',
      path: vector.path,
      query: (vector.query ?? []) as Pair[],
      queryText: '',
      headers,
    };
    const canonical = canonicalRequest(request, {
      service: 'service',
      signedHeaders: [...headers.keys()].sort(),
      payloadHash: sha256(vector.body ?? ''),
    });
    expect(signatureOf(canonical, signingKey(suite.secretAccessKey, scope), scope)).toBe(vector.signature);
  });

  it.each([
    ['/a/../b', 's3', '/a/../b'],
    ['/a//b%20c', 's3', '/a//b%20c'],
    ['/a/./b/../c', 'lambda', '/a/c'],
    ['/a%20b', 'lambda', '/a%2520b'],
  ])('sign the path %s for %s as %s', (path, service, canonical) => {
    expect(canonicalPath(path, service)).toBe(canonical);
  });
});

describe('a verified request', () => {
  test('is taken as it was signed', () => {
    const { caller, payload, claim } = verify(dynamodb('GetItem', { TableName: 'bank_balances' }));
    expect([caller, payload.kind, claim.service, claim.region]).toEqual([
      'agent',
      'hashed',
      'dynamodb',
      'eu-central-1',
    ]);
  });

  const good = dynamodb('GetItem', { TableName: 'bank_balances' });
  const other = dynamodb('DeleteTable', { TableName: 'bank_balances' });
  const s3 = signed({ service: 's3', method: 'GET', target: '/bucket/key?versionId=1' });
  const unsigned = (value: string) =>
    signed({ service: 's3', method: 'PUT', target: '/bucket/key', payloadHash: value, body: 'abc' });

  test.each([
    ['another body', { ...good, body: Buffer.from('{}') }],
    [
      'another target',
      { ...good, request: withHeader(good.request, 'x-amz-target', 'DynamoDB_20120810.DeleteTable') },
    ],
    ['another host', { ...good, request: withHeader(good.request, 'host', 'elsewhere') }],
    ['another method', { ...good, request: { ...good.request, method: 'PUT' } }],
    ['another query', { ...s3, request: { ...s3.request, query: [['versionId', '2'] as const] } }],
    ['another path', { ...s3, request: { ...s3.request, path: '/bucket/other' } }],
    [
      'an x-amz header that was not signed',
      { ...good, request: withHeader(good.request, 'x-amz-acl', 'public-read') },
    ],
    ['a digest that is not of the body', { ...s3, body: Buffer.from('more') }],
    [
      'another call’s signature',
      {
        ...good,
        request: withHeader(good.request, 'authorization', other.request.headers.get('authorization') ?? ''),
      },
    ],
    [
      'an unsigned body for another service than S3',
      signed({
        service: 'dynamodb',
        headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        payloadHash: 'UNSIGNED-PAYLOAD',
      }),
    ],
    ['a way of signing that is not known', unsigned('STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD')],
  ])('with %s is refused', (_, call) => {
    expect(refusal(() => verify(call))).toBe('InvalidSignatureException');
  });

  test.each([
    ['six minutes old', -6],
    ['six minutes ahead', 6],
  ])('%s is refused', (_, minutes) => {
    const call = dynamodb('GetItem', {}, { now: new Date(NOW.getTime() + minutes * 60_000) });
    expect(refusal(() => verify(call))).toBe('InvalidSignatureException');
  });

  test('of an unknown key, or an expired one, is refused', () => {
    const stranger = dynamodb('GetItem', {}, { keys: { ...KEYS, accessKeyId: 'PSTNBBBBBBBBBBBBBBBB' } });
    expect(refusal(() => verify(stranger))).toBe('UnrecognizedClientException');
    const late = new Date(NOW.getTime() + 3_600_001);
    expect(refusal(() => verify(dynamodb('GetItem', {}, { now: late }), late))).toBe('ExpiredTokenException');
  });

  test('without a signature, or with one of the older version, is refused with what to do', () => {
    const { request, body } = good;
    const none = {
      ...request,
      headers: new Map([...request.headers].filter(([name]) => name !== 'authorization')),
    };
    expect(refusal(() => verify({ request: none, body }))).toBe('MissingAuthenticationTokenException');
    const old = readRawRequest('GET', '/bucket/key?AWSAccessKeyId=PSTN&Signature=x&Expires=1', [
      'host',
      HOST,
    ]);
    expect(refusal(() => verify({ request: old, body }))).toBe('MissingAuthenticationTokenException');
  });

  test('whose body streams says what is left to check', () => {
    const streaming = unsigned('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER');
    expect(verify({ ...streaming, body: undefined }).payload).toEqual({
      kind: 'signed-chunks',
      hasTrailer: true,
    });
    expect(verify({ ...unsigned('UNSIGNED-PAYLOAD'), body: undefined }).payload).toEqual({
      kind: 'unsigned',
    });
  });

  test('signed anew carries the new keys and nothing of the old', () => {
    const again = signRequest(
      good.request,
      { accessKeyId: 'ASIAOTHER00000000000', secretAccessKey: 'other', sessionToken: 'token' },
      { region: 'eu-central-1', service: 'dynamodb', payloadHash: sha256(good.body) },
      NOW,
    );
    const text = [...again.headers].flat().join('\n');
    expect(text).not.toContain(KEYS.accessKeyId);
    expect(again.headers.get('x-amz-security-token')).toBe('token');
    const { caller } = verifyRequest(
      { ...good.request, headers: again.headers },
      good.body,
      () => ({ secretAccessKey: 'other', expiresAt: new Date(NOW.getTime() + 1000), caller: 'session' }),
      NOW,
    );
    expect(caller).toBe('session');
  });
});

describe('the reader of requests', () => {
  test.each([
    ['a whole address as target', () => readRawRequest('GET', 'http://elsewhere/', ['host', HOST])],
    ['a method that AWS has not', () => readRawRequest('TRACE', '/', ['host', HOST])],
    ['two hosts', () => readRawRequest('GET', '/', ['host', HOST, 'Host', 'elsewhere'])],
    ['two targets', () => readRawRequest('POST', '/', ['x-amz-target', 'A.B', 'X-Amz-Target', 'A.C'])],
    ['a plus sign in the query', () => readRawRequest('GET', '/?a=b+c', ['host', HOST])],
    ['a broken escape', () => readRawRequest('GET', '/?a=%zz', ['host', HOST])],
    ['a broken escape in the path', () => readRawRequest('GET', '/%z', ['host', HOST])],
    ['a zero byte', () => readRawRequest('GET', '/a%00b', ['host', HOST])],
    [
      '10,000 headers',
      () =>
        readRawRequest(
          'GET',
          '/',
          Array.from({ length: 20_000 }, (_, n) => `a${n}`),
        ),
    ],
    ['a header that is no ASCII', () => readRawRequest('GET', '/', ['host', HOST, 'x-a', 'ü'])],
  ])('refuses %s', (_, read) => {
    expect(refusal(read)).toBe('InvalidRequest');
  });

  test('keeps what stands on the line', () => {
    const { path, query, queryText } = readRawRequest('GET', '/b/a%2F..//c?acl&x=%C3%BC', ['host', HOST]);
    expect({ path, query, queryText }).toEqual({
      path: '/b/a%2F..//c',
      query: [
        ['acl', ''],
        ['x', 'ü'],
      ],
      queryText: 'acl&x=%C3%BC',
    });
    expect(readFormBody(Buffer.from('a=b+c&d=%2B'))).toEqual([
      ['a', 'b c'],
      ['d', '+'],
    ]);
  });
});
