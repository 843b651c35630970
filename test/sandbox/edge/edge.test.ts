import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootSandbox, type Sandbox } from '../../../sandbox/boot.ts';
import { makeApiCaller } from '../../../sandbox/call-api.ts';
import { template } from '../../support/template.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await bootSandbox({ template: template() });
});
afterAll(() => sandbox.close());

const caller = (id: string) => {
  const key = sandbox.access.principals[id];
  if (!key) throw new Error(`no ${id}`);
  return makeApiCaller(sandbox.urls.api, key);
};

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

test('tokens of end users are signed by the key that the issuer shows', async () => {
  const keys = (await (await fetch(`${sandbox.urls.console}/issuer/.well-known/jwks.json`)).json()) as {
    keys: object[];
  };
  expect(keys.keys).toHaveLength(1);
  expect(JSON.stringify(keys)).not.toContain('"d"');
});
