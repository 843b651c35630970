import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf, makeApiCaller, subjectTokenOf } from '../../../demo/call-api.ts';
import { bootSandbox, type Sandbox } from '../../../sandbox/boot.ts';
import { bundles, template } from '../../support/template.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await bootSandbox({ template: template(), bundles: bundles() });
});
afterAll(() => sandbox.close());

const caller = (id: string) => makeApiCaller(sandbox.urls.api, keyOf(sandbox.access, id));

describe('the API, as API Gateway would serve it', () => {
  test('unsigned: 403, as problem+json that says what to do', async () => {
    const response = await fetch(`${sandbox.urls.api}/requests`);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'signature_refused',
      detail: expect.stringContaining('SigV4'),
    });
  });

  test('signed with another secret: 403', async () => {
    const key = sandbox.access.principals.analyst1;
    const forged = makeApiCaller(sandbox.urls.api, {
      accessKeyId: key?.accessKeyId ?? '',
      secretAccessKey: 'guess',
    });
    expect(await forged('GET', '/requests')).toMatchObject({
      status: 403,
      body: { code: 'signature_refused' },
    });
  });

  /** A request signed by hand, for what no client would send. */
  async function signed({ service = 'execute-api', signedAt = new Date() } = {}): Promise<Response> {
    const url = new URL(`${sandbox.urls.api}/requests`);
    const signer = new SignatureV4({
      credentials: keyOf(sandbox.access, 'analyst1'),
      region: 'eu-central-1',
      service,
      sha256: Sha256,
    });
    const { headers } = await signer.sign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname: url.hostname,
        path: url.pathname,
        query: {},
        headers: { host: url.host },
      },
      { signingDate: signedAt },
    );
    const { host: _, ...sent } = headers;
    return fetch(url, { headers: sent });
  }

  test('signed for this service, now: 200', async () => {
    expect((await signed()).status).toBe(200);
  });

  test.each([
    ['signed for another service', { service: 'dynamodb' }],
    ['signed six minutes ago', { signedAt: new Date(Date.now() - 6 * 60_000) }],
    ['signed six minutes ahead', { signedAt: new Date(Date.now() + 6 * 60_000) }],
  ])('%s: 403', async (_, how) => {
    const response = await signed(how);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      403,
      'application/problem+json',
    ]);
    expect(await response.json()).toMatchObject({ code: 'signature_refused' });
  });

  test.each([
    ['by its length, before any of it is read', { 'content-length': String(20 * 1024 * 1024) }],
    ['while it is read, where it does not say its length', { 'transfer-encoding': 'chunked' }],
  ])('a body of more than 10 MB is refused %s', async (_, headers) => {
    const { host, pathname } = new URL(`${sandbox.urls.api}/requests`);
    const [hostname = '', port] = host.split(':');
    const answer = await new Promise((resolve, reject) => {
      const call = request({ hostname, port, path: pathname, method: 'POST', headers }, (response) => {
        text(response).then((body) => resolve([response.statusCode, JSON.parse(body).code]), reject);
        response.once('end', () => call.destroy());
      });
      // The server hangs up on what it will not read, which may overtake its answer's end.
      call.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
      });
      const chunk = Buffer.alloc(1024 * 1024, 'a');
      // Of the first, nothing is sent but the head: only its announced length can be what is refused.
      if ('content-length' in headers) call.flushHeaders();
      else for (let sent = 0; sent < 11; sent += 1) call.write(chunk);
    });
    expect(answer).toEqual([400, 'body_too_large']);
  });

  test('a path or a method that is not of the API', async () => {
    expect((await fetch(`${sandbox.urls.api}/nothing`)).status).toBe(404);
    const response = await fetch(`${sandbox.urls.api}/credentials`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('its description and its health are for everybody', async () => {
    expect((await fetch(`${sandbox.urls.api}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${sandbox.urls.api}/openapi.json`)).json()).toMatchObject({
      openapi: '3.1.0',
    });
  });

  test('the catalog is what the caller could ever be granted', async () => {
    const { status, body } = await caller('analyst1')('GET', '/catalog');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('bank_operational_metrics');
    expect(JSON.stringify(body)).not.toContain('policy_table');
  });
});

test('a request under another host name is refused: a rebound page gets nothing', async () => {
  const { port } = new URL(sandbox.urls.console);
  const status = await new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/', headers: { host: 'evil.example' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.on('error', reject);
    call.end();
  });
  expect(status).toBe(421);
});

test('a console URL signs in, and shows the session policy; nobody signs in with a made-up session', async () => {
  const { body } = await caller('analyst1')('POST', '/credentials', {
    reason: 'The report needs the operational metrics.',
  });
  const shown = await (await fetch(String(body.consoleUrl))).text();
  expect(shown).toContain('analyst1');
  expect(shown).toContain('bank_operational_metrics');
  const session = encodeURIComponent(
    JSON.stringify({ sessionId: 'ASIAX', sessionKey: 'x', sessionToken: 'x' }),
  );
  expect(
    (await fetch(`${sandbox.urls.console}/federation?Action=getSigninToken&Session=${session}`)).status,
  ).toBe(400);
});

test('a hostile reason is text on the page, if it is there at all', async () => {
  const reason = '<script>alert(1)</script> and the operational metrics, please.';
  await caller('analyst1')('POST', '/requests?wait=20', { reason });
  const page = await fetch(sandbox.urls.console);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).not.toContain('<script>alert');
});

describe('tokens of end users', () => {
  const issuer = () => `${sandbox.urls.console}/issuer`;

  test('are signed by the key that the issuer shows, for the demo alone and for five minutes', async () => {
    const configuration = await fetch(`${issuer()}/.well-known/openid-configuration`);
    const { jwks_uri } = (await configuration.json()) as { jwks_uri: string };
    const token = await subjectTokenOf(sandbox.access, 'c-1042');
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
      issuer: issuer(),
      audience: 'postern-demo',
      algorithms: ['ES256'],
    });
    expect(payload.sub).toBe('c-1042');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  test('are made anew for each who asks; the issuer shows the public half of its key alone', async () => {
    const tokens = [
      await subjectTokenOf(sandbox.access, 'c-1042'),
      await subjectTokenOf(sandbox.access, 'c-1042'),
    ];
    expect(new Set(tokens).size).toBe(2);
    const { keys } = (await (await fetch(`${issuer()}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(keys).toEqual([expect.not.objectContaining({ d: expect.anything() })]);
  });
});

test('the page tells where things are, and that no language model reviews here', async () => {
  const page = await (await fetch(sandbox.urls.console)).text();
  for (const it of [sandbox.urls.api, sandbox.urls.aws, 'offline-keyword-matcher'])
    expect(page).toContain(it);
});
