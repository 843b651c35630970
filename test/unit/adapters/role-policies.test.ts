import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeIamElsewhere } from '../../../lambdas/shared/adapters/sessions/iam-elsewhere.ts';
import { makeRolePolicies } from '../../../lambdas/shared/adapters/sessions/role-policies.ts';
import { listenLocally } from '../../../sandbox/listen-locally.ts';

const HOME = '123456789012';
const credentials = { accessKeyId: 'AKIAHOME', secretAccessKey: 'test' };
const roleOf = (account: string) => `arn:aws:iam::${account}:role/postern-brokered-internal`;

/** What was called, with whose key. */
let calls: { key: string; action: string | null; role: string | null }[] = [];
let isRefused = false;
let server: Awaited<ReturnType<typeof listenLocally>>;
beforeAll(async () => {
  server = await listenLocally(0, async (request) => {
    const form = new URLSearchParams(await request.text());
    const [, key = ''] = /Credential=([^/]+)/.exec(request.headers.get('authorization') ?? '') ?? [];
    const action = form.get('Action');
    calls.push({ key, action, role: form.get('RoleArn') ?? form.get('RoleName') });
    if (action === 'PutRolePolicy')
      return new Response('<PutRolePolicyResponse><ResponseMetadata/></PutRolePolicyResponse>');
    if (isRefused)
      return new Response(
        '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
        { status: 403 },
      );
    return new Response(
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAMEMBER${calls.length}</AccessKeyId>
      <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  });
});
afterAll(() => server.close());
beforeEach(() => {
  calls = [];
  isRefused = false;
});

function open(now = () => 0) {
  const options = { region: 'eu-central-1', endpoint: server.url, maxAttempts: 1 };
  const clientIn = makeIamElsewhere({
    sts: new STSClient({ ...options, credentials }),
    makeIam: (keys) => new IAMClient({ ...options, credentials: keys }),
    now,
  });
  return makeRolePolicies({ client: new IAMClient({ ...options, credentials }), accountId: HOME, clientIn });
}

test('a role of the broker’s own account is written with the function’s own keys', async () => {
  await open().putDenials(roleOf(HOME), '{}');
  expect(calls).toEqual([{ key: 'AKIAHOME', action: 'PutRolePolicy', role: 'postern-brokered-internal' }]);
});

test('a role of another account is written there, by the role that may, and never its namesake here', async () => {
  const { putDenials } = open();
  await putDenials(roleOf('444455556666'), '{}');
  await putDenials(roleOf('444455556666'), '{}');
  expect(calls).toEqual([
    { key: 'AKIAHOME', action: 'AssumeRole', role: 'arn:aws:iam::444455556666:role/postern-revoker' },
    { key: 'ASIAMEMBER1', action: 'PutRolePolicy', role: 'postern-brokered-internal' },
    { key: 'ASIAMEMBER1', action: 'PutRolePolicy', role: 'postern-brokered-internal' },
  ]);
});

test('keys that are about to end are not used any more', async () => {
  let now = 0;
  const { putDenials } = open(() => now);
  await putDenials(roleOf('444455556666'), '{}');
  now = 800_000;
  await putDenials(roleOf('444455556666'), '{}');
  expect(calls.map(({ action }) => action)).toEqual([
    'AssumeRole',
    'PutRolePolicy',
    'AssumeRole',
    'PutRolePolicy',
  ]);
});

test('an account whose role cannot be assumed is named, and nothing is written', async () => {
  isRefused = true;
  await expect(open().putDenials(roleOf('444455556666'), '{}')).rejects.toMatchObject({
    name: 'DependencyUnavailable',
    message: expect.stringContaining('arn:aws:iam::444455556666:role/postern-revoker: AccessDenied'),
  });
  expect(calls.map(({ action }) => action)).toEqual(['AssumeRole']);
});
