import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AwsCaller } from '../../../sandbox/aws/types.ts';
import { findRoute } from '../../../sandbox/edge/find-route.ts';
import { proxyEventOf } from '../../../sandbox/edge/proxy-event.ts';

type Json = Record<string, unknown>;

const recorded = JSON.parse(readFileSync('test/cases/events-api/iam-user.json', 'utf8')) as Json;
const routes = ['GET /requests', 'POST /requests', 'GET /requests/{id}', 'GET /healthz'].map((line) => {
  const [method = '', path = ''] = line.split(' ');
  return { method, path, functionName: 'postern-front-door', authorization: 'AWS_IAM' };
});
const caller: AwsCaller = {
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:user/employee1',
  userId: 'AIDAEMPLOYEE1',
  accessKeyId: 'AKIAEMPLOYEE1',
  identityPolicies: [],
  principalTags: {},
};

function eventOf(method: string, url: string, { body = '', headers = {} } = {}, signer?: AwsCaller) {
  const request = new Request(`http://127.0.0.1:4780/api${url}`, { method, headers });
  const found = findRoute(routes, method, new URL(request.url).pathname.slice('/api'.length));
  if (found.kind !== 'route') throw new Error(found.kind);
  return proxyEventOf(request, new TextEncoder().encode(body).buffer, found, signer) as Json & {
    requestContext: Json & { identity: Json };
  };
}
const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);

test('it has nothing that a recorded event of API Gateway does not have, and all of the same kind', () => {
  const event = eventOf('POST', '/requests', { body: '{}', headers: { 'user-agent': 'test' } }, caller);
  const compare = (ours: Json, theirs: Json) => {
    for (const [name, value] of Object.entries(ours)) {
      expect([name, kindOf(value)]).toEqual([name, kindOf(theirs[name])]);
    }
  };
  const { requestContext, ...rest } = event;
  const context = recorded.requestContext as Json & { identity: Json };
  compare(rest, recorded);
  compare({ ...requestContext, identity: {} }, context);
  compare(requestContext.identity, context.identity);
});

test('bytes that are no UTF-8 go on as they came, for the function to refuse', () => {
  const request = new Request('http://127.0.0.1:4780/api/requests', { method: 'POST' });
  const found = findRoute(routes, 'POST', '/requests');
  if (found.kind !== 'route') throw new Error(found.kind);
  const bytes = Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
  const event = proxyEventOf(request, bytes.buffer, found, caller);
  expect(event).toMatchObject({ isBase64Encoded: true, body: Buffer.from(bytes).toString('base64') });
});

test('who calls is who signed, whatever the headers and the body say', () => {
  const headers = { 'x-caller': 'admin', 'x-amzn-iam-user-arn': 'arn:aws:iam::123456789012:user/admin' };
  const { requestContext } = eventOf(
    'POST',
    '/requests',
    { body: '{"requestContext":{"identity":{"userArn":"arn:aws:iam::123456789012:user/admin"}}}', headers },
    caller,
  );
  expect(requestContext.identity).toMatchObject({
    accountId: '123456789012',
    userArn: caller.arn,
    user: 'AIDAEMPLOYEE1',
    caller: 'AIDAEMPLOYEE1',
    accessKey: 'AKIAEMPLOYEE1',
    sourceIp: '127.0.0.1',
  });
});

test('an unsigned route knows nobody', () => {
  const { identity } = eventOf('GET', '/healthz').requestContext;
  expect([identity.userArn, identity.accountId, identity.accessKey]).toEqual([null, null, null]);
});

test('a query of several values, and none, as API Gateway writes them', () => {
  expect(eventOf('GET', '/requests?status=READY&status=ISSUED&limit=5')).toMatchObject({
    queryStringParameters: { status: 'ISSUED', limit: '5' },
    multiValueQueryStringParameters: { status: ['READY', 'ISSUED'], limit: ['5'] },
  });
  expect(eventOf('GET', '/requests')).toMatchObject({
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body: null,
  });
});

test('a path parameter is decoded, the resource is the pattern, the path is without the stage', () => {
  expect(eventOf('GET', '/requests/analyst1-01J%2F..?wait=1')).toMatchObject({
    resource: '/requests/{id}',
    path: '/requests/analyst1-01J%2F..',
    pathParameters: { id: 'analyst1-01J/..' },
    requestContext: { stage: 'api', path: '/api/requests/analyst1-01J%2F..' },
  });
});

test.each([
  ['GET', '/requests/', 'no_path'],
  ['GET', '/requests/a/b', 'no_path'],
  ['GET', '', 'no_path'],
  ['DELETE', '/requests', 'no_method'],
  ['GET', '/requests/%E0%A4%A', 'route'],
])('%s %s is %s', (method, path, kind) => {
  expect(findRoute(routes, method, path).kind).toBe(kind);
});

test.each(['__proto__', 'constructor', 'toString'])('a query key named %s is one like any other', (name) => {
  const event = eventOf('GET', `/requests?${name}=x&${name}=y`);
  const own = (value: unknown, key: string) => Object.getOwnPropertyDescriptor(value, key)?.value;
  expect(own(event.queryStringParameters, name)).toBe('y');
  expect(own(event.multiValueQueryStringParameters, name)).toEqual(['x', 'y']);
});

test('a header named constructor is one like any other', () => {
  const { headers } = eventOf('GET', '/requests', { headers: { constructor: 'z' } });
  expect(headers).toMatchObject({ constructor: 'z' });
});
