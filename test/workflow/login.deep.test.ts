import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const METRICS = 'The weekly report needs the operational metrics.';

let cloud: Cloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  cloud = await startCloud();
  postern = posternOf(cloud);
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
});
afterAll(async () => {
  postern.close();
  await cloud.close();
});
afterEach(async () => {
  await run(['logout']);
});

const environment = () => ({
  PATH: process.env.PATH,
  HOME: postern.home,
  AWS_REGION: REGION,
  AWS_ENDPOINT_URL: cloud.urls.aws,
  AWS_EC2_METADATA_DISABLED: 'true',
  POSTERN_API: cloud.urls.oidcApi,
  POSTERN_ISSUER: `${cloud.urls.console}/issuer`,
  POSTERN_CLIENT_ID: 'postern-cli',
});
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  postern.other(process.execPath, [posternProgram(), ...args], { ...environment(), ...env });

/** Starts a command, and answers what it says on its error output, as it says it. */
function begin(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { child, ended } = postern.begin(process.execPath, [posternProgram(), ...args], {
    ...environment(),
    ...env,
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const says = async (pattern: RegExp): Promise<string> => {
    await until(
      async () => said,
      (text) => pattern.test(text),
    );
    return pattern.exec(said)?.[1] ?? '';
  };
  return { says, ended };
}

/** Picks a person on the page of the issuer, as a browser would; answers what is answered then. */
async function pick(url: string, person: string): Promise<Response> {
  const asked = await fetch(url);
  const hidden = [...(await asked.text()).matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form = new URLSearchParams(
    hidden.map(([, name = '', value = '']): [string, string] => [name, value.replaceAll('&amp;', '&')]),
  );
  form.set('person', person);
  return fetch(url, { method: 'POST', body: form, redirect: 'manual' });
}

async function logIn(person: string): Promise<void> {
  const { says, ended } = begin(['login', '--no-browser']);
  const redirected = await pick(await says(/Sign in here: (\S+)/), person);
  await fetch(redirected.headers.get('location') ?? '');
  expect((await ended).code).toBe(0);
}

const loginFiles = () => {
  const folder = join(postern.home, '.local', 'state', 'postern', 'logins');
  return readdirSync(folder).map((name) => join(folder, name));
};

test('somebody signs in by a browser, asks, claims, and signs out', async () => {
  await logIn('analyst1');
  const [file = ''] = loginFiles();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { key, token } = JSON.parse(readFileSync(file, 'utf8'));
  expect(key).toBeDefined();
  expect(JSON.parse((await run(['whoami', '--json'])).out)).toMatchObject({
    principal: 'analyst1',
    subject: 'analyst1',
  });
  const claimed = await run([
    'exec',
    '-r',
    METRICS,
    '--',
    process.execPath,
    '-e',
    'console.log(process.env.POSTERN_LOGIN, Boolean(process.env.AWS_SESSION_TOKEN))',
  ]);
  expect([claimed.code, claimed.out.trim()]).toEqual([0, 'off true']);
  // The token is bound to the key of the login: by itself it is worth nothing.
  const stolen = await fetch(`${cloud.urls.oidcApi}/catalog`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(stolen.status).toBe(401);
  chmodSync(file, 0o644);
  expect((await run(['whoami'])).err).toContain('can be read by others');
  chmodSync(file, 0o600);
  expect((await run(['logout'])).out).toContain('Signed out.');
  expect(loginFiles()).toEqual([]);
  expect((await run(['whoami'])).code).not.toBe(0);
});

test('a login is renewed, and ends when its refresh token does', async () => {
  await logIn('analyst1');
  const [file = ''] = loginFiles();
  const { writeFileSync } = await import('node:fs');
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  const ended = { ...kept, expiresAt: new Date(0).toISOString() };
  writeFileSync(file, JSON.stringify(ended));
  expect((await run(['whoami', '--json'])).code).toBe(0);
  const renewed = JSON.parse(readFileSync(file, 'utf8'));
  expect(renewed.token).not.toBe(kept.token);
  expect(renewed.refreshToken).not.toBe(kept.refreshToken);
  // The first refresh token was used: whoever kept it gets nothing.
  writeFileSync(file, JSON.stringify(ended));
  const refused = await run(['whoami']);
  expect(refused.err).toContain('The login has ended');
});

test('by a device, a login asks and reads, and neither claims nor votes', async () => {
  const { says, ended } = begin(['login', '--device'], { POSTERN_CLIENT_ID: 'postern-device' });
  const code = await says(/the code: (\S+)/);
  const confirm = (person: string) =>
    fetch(`${cloud.urls.console}/issuer/device`, {
      method: 'POST',
      body: new URLSearchParams({ user_code: code, person }),
    });
  expect((await confirm('nobody')).status).toBe(200);
  await confirm('approver1');
  expect((await ended).code).toBe(0);
  expect((await run(['request', '-r', METRICS, '--json'])).code).not.toBe(2);
  const claim = await run(['exec', '-r', METRICS, '--', 'true']);
  expect(claim.code).not.toBe(0);
  const vote = await run(['approvals', '--json']);
  expect(JSON.parse(vote.out)).toEqual({ approvals: [] });
});

test('a code that nobody confirms ends, and one for another client is refused', async () => {
  const { ended } = begin(['login', '--device']);
  const refused = await ended;
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('does not know this client');
  const asked = await fetch(`${cloud.urls.console}/issuer/device_authorization`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'postern-device' }),
  });
  const { device_code } = (await asked.json()) as { device_code: string };
  const redeem = async (code: string) =>
    (
      await fetch(`${cloud.urls.console}/issuer/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: 'postern-device',
          device_code: code,
        }),
      })
    ).json();
  expect(await redeem(device_code)).toEqual({ error: 'authorization_pending' });
  expect(await redeem('another')).toEqual({ error: 'expired_token' });
});

test('an agent runs with a token that names it, and without its owner’s login and keys', async () => {
  await logIn('sam');
  const script = `
    const { readFileSync } = require('node:fs');
    const env = process.env;
    const [, payload] = readFileSync(env.POSTERN_WEB_IDENTITY_TOKEN_FILE, 'utf8').split('.');
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url'));
    console.log(JSON.stringify([sub, env.POSTERN_LOGIN, env.AWS_ACCESS_KEY_ID ?? null]));
  `;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAOWNERSKEY0000000', AWS_SECRET_ACCESS_KEY: 'x' };
  const ran = await run(
    ['agent', 'run', '--as', 'customer_support_agent', '--', process.execPath, '-e', script],
    keys,
  );
  expect([ran.code, ran.err]).toEqual([0, '']);
  expect(JSON.parse(ran.out)).toEqual(['customer_support_agent', 'off', null]);
  const who = await run([
    'agent',
    'run',
    '--as',
    'customer_support_agent',
    '--',
    process.execPath,
    posternProgram(),
    'whoami',
    '--json',
  ]);
  expect(JSON.parse(who.out)).toMatchObject({ principal: 'customer_support_agent' });
  const other = await run(['agent', 'run', '--as', 'admin', '--', 'true']);
  expect(other.code).not.toBe(0);
  expect(other.err).toContain('refused at the identity provider');
});
