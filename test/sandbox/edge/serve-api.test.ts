import { expect, test } from 'vitest';
import { AwsError } from '../../../gateway/wire/aws-error.ts';
import type { AwsCaller } from '../../../sandbox/aws/types.ts';
import type { AwsEndpoint } from '../../../sandbox/aws-endpoint.ts';
import { makeApi } from '../../../sandbox/edge/serve-api.ts';
import { createLogSink } from '../../../sandbox/functions/log-sink.ts';
import type { ResolvedTemplate } from '../../../sandbox/template/types.ts';

const template: ResolvedTemplate = {
  tables: [],
  functions: [],
  roles: [],
  stateMachines: [],
  keys: [],
  secrets: [],
  streams: [],
  queues: [],
  queueMappings: [],
  topicArns: [],
  webSockets: [],
  tokenRoutes: [],
  pipes: [],
  outputs: {},
  routes: [
    { method: 'GET', path: '/catalog', functionName: 'postern-list-catalog', authorization: 'AWS_IAM' },
    { method: 'GET', path: '/healthz', functionName: 'postern-front-door', authorization: 'NONE' },
  ],
};
const mayInvoke = (Resource: string) => [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource }] },
];

/** The API in front of a function that answers this, for a caller with these permissions. */
function serve(answer: () => unknown, identityPolicies = mayInvoke('*')) {
  const caller: AwsCaller = {
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/analyst1',
    userId: 'AIDAANALYST1',
    accessKeyId: 'AKIAANALYST1',
    identityPolicies,
    principalTags: {},
  };
  const logs = createLogSink();
  const invoked: string[] = [];
  const api = makeApi({
    template,
    logs,
    aws: { verify: async () => caller } as unknown as AwsEndpoint,
    async invoke(name) {
      invoked.push(name);
      return answer();
    },
  });
  const get = (path: string) => api(new Request(`http://127.0.0.1/api${path}`));
  return { get, logs, invoked };
}

test('each route goes to its function, and the answer comes back as it is', async () => {
  const { get, invoked } = serve(() => ({
    statusCode: 202,
    headers: { 'retry-after': '15' },
    multiValueHeaders: { vary: ['Accept', 'Origin'] },
    body: 'eyJhIjoxfQ==',
    isBase64Encoded: true,
  }));
  const response = await get('/catalog');
  await get('/healthz');
  expect(invoked).toEqual(['postern-list-catalog', 'postern-front-door']);
  expect([response.status, response.headers.get('retry-after'), response.headers.get('vary')]).toEqual([
    202,
    '15',
    'Accept, Origin',
  ]);
  expect(await response.json()).toEqual({ a: 1 });
});

test.each([
  ['throws', () => Promise.reject(new Error('the row held hunter2'))],
  ['answers what is no answer', () => ({ statusCode: 'fine', body: 'hunter2' })],
  ['answers nothing', () => undefined],
])('a function that %s: 500 that tells nothing, and a line in the log', async (_, answer) => {
  const { get, logs } = serve(answer);
  const response = await get('/catalog');
  const text = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
  expect(text).toContain('internal_error');
  expect(text).not.toContain('hunter2');
  expect(logs.lines).toEqual([expect.objectContaining({ functionName: 'postern-list-catalog' })]);
});

test('a signature is not enough: IAM must allow this method on this path', async () => {
  const may = (path: string) =>
    mayInvoke(`arn:aws:execute-api:eu-central-1:123456789012:sandbox/api/GET${path}`);
  const { get, invoked } = serve(() => ({ statusCode: 200 }), may('/requests'));
  const response = await get('/catalog');
  expect([response.status, invoked]).toEqual([403, []]);
  expect(await response.json()).toMatchObject({ code: 'signature_refused' });
  expect((await serve(() => ({ statusCode: 200 }), may('/catalog')).get('/catalog')).status).toBe(200);
});

test('an unsigned route does not ask who calls', async () => {
  const logs = createLogSink();
  const api = makeApi({
    template,
    logs,
    aws: {
      verify: () => Promise.reject(new AwsError('MissingAuthenticationToken', 'unsigned', 403)),
    } as unknown as AwsEndpoint,
    invoke: async () => ({ statusCode: 200, body: 'ok' }),
  });
  const statusOf = async (path: string) => (await api(new Request(`http://127.0.0.1/api${path}`))).status;
  expect([await statusOf('/healthz'), await statusOf('/catalog')]).toEqual([200, 403]);
});
