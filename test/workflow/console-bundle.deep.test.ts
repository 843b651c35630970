import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ASSETS } from '../../console/assets/serve-assets.ts';
import { bundleFunctions } from '../../infra/bundle/bundle-functions.ts';
import { makeRecipientKeyPair } from '../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

/** Any port: nobody listens there. The function is handed its calls by this test, as API Gateway does. */
const PUBLIC_URL = 'http://localhost:4999';
type Answer = { statusCode: number; headers?: Record<string, string>; cookies?: string[]; body: string };

let cloud: Cloud;
let folder: string;
let handler: (event: unknown, context: unknown) => Promise<Answer>;
const jar = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-console-'));
  const [started, bundles] = await Promise.all([startCloud(), bundleFunctions(folder)]);
  cloud = started;
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  cloud.aws.secrets.put(
    'postern/console',
    'sixty-four letters that Secrets Manager would have made of nothing',
  );
  const { accessKeyId, secretAccessKey } = cloud.clientOptions.credentials;
  const variables = {
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: 'eu-central-1' },
    ...{
      AWS_ENDPOINT_URL: cloud.urls.aws,
      CONSOLE_SECRET_ID: 'postern/console',
      CONSOLE_PUBLIC_URL: PUBLIC_URL,
    },
    ...{ TOKEN_API_URL: cloud.urls.oidcApi, ISSUER: `${cloud.urls.console}/issuer` },
    ...{ CLIENT_ID: 'postern-console', SCOPE: 'openid offline_access', POSTERN_PARTITION: 'aws' },
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  ({ handler } = (await import(join(bundles.console.folder, 'index.mjs'))) as { handler: typeof handler });
}, 300_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** One call of the console's HTTP API, with the cookies of one browser. */
async function call(method: 'GET' | 'POST', address: string, form?: Record<string, string>): Promise<Answer> {
  const { pathname, search } = new URL(address, PUBLIC_URL);
  const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
  const answer = await handler(
    {
      version: '2.0',
      rawPath: pathname,
      rawQueryString: search.slice(1),
      cookies,
      headers: {
        host: new URL(PUBLIC_URL).host,
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...(form && { origin: PUBLIC_URL, 'content-type': 'application/x-www-form-urlencoded' }),
      },
      requestContext: {
        domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
        http: { method, path: pathname },
      },
      isBase64Encoded: false,
      ...(form && { body: new URLSearchParams(form).toString() }),
    },
    {},
  );
  const set = answer.cookies ?? (answer.headers?.['set-cookie'] ? [answer.headers['set-cookie']] : []);
  for (const cookie of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) jar.delete(name);
    else jar.set(name, value);
  }
  return answer;
}
const locationOf = ({ headers }: Answer): string => headers?.location ?? '';

async function signIn(person: string): Promise<void> {
  const begun = await call('GET', '/sign-in?to=/ask');
  const page = new URL(locationOf(begun));
  const picked = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams([...page.searchParams, ['person', person]]),
    redirect: 'manual',
  });
  const back = await call('GET', picked.headers.get('location') ?? '');
  expect([back.statusCode, locationOf(back)]).toEqual([302, '/ask']);
}

test('as it is deployed, the function signs somebody in, and serves every page as the sandbox does', async () => {
  expect((await call('GET', '/')).body).toContain('Sign in');
  expect(locationOf(await call('GET', '/requests'))).toBe('/sign-in?to=%2Frequests');
  await signIn('auditor1');
  for (const path of [
    '/',
    '/ask',
    '/approvals',
    '/sessions',
    '/requests',
    '/calls',
    '/access',
    '/audit',
    '/policies',
    '/policies/analyst1',
    '/people',
    '/people/analyst1',
    '/people/auditor1',
    '/findings',
    '/generate',
  ]) {
    const { statusCode, body, headers } = await call('GET', path);
    expect([path, statusCode, body.includes('<strong>auditor1</strong>')]).toEqual([path, 200, true]);
    expect(headers?.['content-security-policy']).toContain("default-src 'none'");
    const [, asset = ''] = /href="(\/assets\/[^"]+\.css)"/.exec(body) ?? [];
    expect((await call('GET', asset)).body).toContain('color-scheme');
  }
  const exported = await call('GET', '/audit/export?format=jsonl');
  expect(exported.headers?.['content-disposition']).toContain('postern-audit.jsonl');
});

test('it serves the scripts that passkeys need', async () => {
  jar.clear();
  await signIn('approver1');
  // Passkeys are taken at the sandbox's console, and not here: the page says where.
  expect((await call('GET', '/people/approver1')).body).toContain('Passkeys are made and used at');
  const presses = await call('GET', ASSETS.presses);
  const [, passkeys = ''] = /from '(\/assets\/[^']+)'/.exec(presses.body) ?? [];
  expect((await call('GET', passkeys)).body).toContain('export async function signVote');
});

test('it asks as who is signed in, and a page that cannot be streamed is looked at again', async () => {
  jar.clear();
  await signIn('analyst1');
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec((await call('GET', '/ask')).body) ?? [];
  const reason = 'The weekly report needs the metrics of this week.';
  const asked = await call('POST', '/ask', { csrf, reason, key: 'a-key-of-this-form' });
  expect([asked.statusCode, locationOf(asked)]).toEqual([
    303,
    expect.stringMatching(/^\/requests\/analyst1-/),
  ]);
  const page = await call('GET', locationOf(asked));
  expect(page.body).toContain('data-live="yes"');
  expect(page.body).not.toContain('data-changes');
  const forged = await call('POST', '/ask', { csrf: 'another', reason, key: 'k' });
  expect(forged.statusCode).toBe(403);
});

test('the toolkit is in it, with its data: a policy is checked and made by the function alone', async () => {
  jar.clear();
  await signIn('analyst1');
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec((await call('GET', '/generate')).body) ?? [];
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: '*' }],
  });
  const checked = await call('POST', '/findings', { csrf, type: 'identity', policy });
  expect(checked.body).toContain('<code>P35</code>');
  const prose = 'Read the table orders of account 123456789012 in eu-central-1';
  const asked = await call('POST', '/generate', { csrf, prose });
  // No model is asked from a function that has no key for one, and the page says who read it.
  expect(asked.body).toContain('offline-keyword-matcher');
  const [, escaped = ''] = /name="carried" value="([^"]+)"/.exec(asked.body) ?? [];
  const carried = escaped.replaceAll('&quot;', '"');
  const made = await call('POST', '/generate', {
    ...{ csrf, carried },
    ...{ 'answer.key.1': 'no', 'answer.assumedBy': 'none' },
  });
  expect(made.body).toContain('arn:aws:dynamodb:eu-central-1:123456789012:table/orders');
});

/** A token as the console gets it: by a code, for its own client. */
async function tokenOfConsole(person: string): Promise<string> {
  const verifier = 'of-this-test-alone-and-as-long-as-verifiers-have-to-be';
  const wanted = {
    ...{ client_id: 'postern-console', response_type: 'code', redirect_uri: `${PUBLIC_URL}/signed-in` },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), person },
    code_challenge_method: 'S256',
  };
  const issuer = `${cloud.urls.console}/issuer`;
  const picked = await fetch(`${issuer}/authorize`, {
    method: 'POST',
    body: new URLSearchParams(wanted),
    redirect: 'manual',
  });
  const code = new URL(picked.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const { client_id, redirect_uri } = wanted;
  const redeemed = await fetch(`${issuer}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, code_verifier: verifier },
      ...{ client_id, redirect_uri },
    }),
  });
  return ((await redeemed.json()) as { access_token: string }).access_token;
}

test('whoever takes its token from it claims no keys, only where to sign in at AWS', async () => {
  const reason = 'The weekly report needs the metrics of this week.';
  const { body: asked } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason });
  const token = await tokenOfConsole('analyst1');
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${cloud.urls.oidcApi}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const claim = `/requests/${String(asked.requestId)}/credentials`;
  const { publicKey: recipientKey } = await makeRecipientKeyPair();
  for (const [path, body] of [
    [claim, {}],
    [claim, { recipientKey }],
    ['/credentials', { reason }],
    ['/requests', { reason, recipientKey }],
    ['/delegations', { reason }],
  ] as const)
    expect([path, await post(path, body)]).toMatchObject([
      path,
      { status: 403, body: { code: 'token_only_redirects' } },
    ]);
  const redirected = await post(claim, { delivery: 'redirect' });
  expect([redirected.status, Object.keys(redirected.body).sort()]).toEqual([
    200,
    ['assumedRoleArn', 'consoleUrl'],
  ]);
  expect((await post(claim, { delivery: 'redirect' })).body.code).toBe('already_claimed');
});
