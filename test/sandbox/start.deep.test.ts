import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeApiCaller } from '../../demo/call-api.ts';
import { posternProgram } from '../support/postern-program.ts';

/** Milliseconds in which a sandbox has booted, also where others use the machine. */
const BOOT = 60_000;

type Access = {
  console: string;
  chat: string;
  api: string;
  aws: string;
  slack: string;
  principals: Record<string, { accessKeyId: string; secretAccessKey: string }>;
  subjects: Record<string, { tokenUrl: string }>;
  stepUp: Record<string, string>;
};

const folders: string[] = [];
const running: { kill(signal: 'SIGKILL'): unknown }[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-start-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const process of running) process.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** `npm start` in a folder of its own, on free ports unless told otherwise. */
function start(env: Record<string, string> = {}, folder = newFolder()) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [resolve('sandbox/start.ts')], {
    cwd: folder,
    env: {
      PATH,
      HOME,
      POSTERN_CONFIG_DIR: resolve('config'),
      PORT: '0',
      AWS_PORT: '0',
      GATEWAY_PORT: '0',
      CHAT_PORT: '0',
      ...env,
    },
  });
  running.push(child);
  const { promise: up, resolve: markUp, reject: markDown } = Promise.withResolvers<void>();
  up.catch(() => {});
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C ends it')) markUp();
    });
  }
  const exited = once(child, 'close').then(([code]) => {
    markDown(new Error(`it ended before its first grant: ${printed}`));
    return code as number | null;
  });
  return {
    child,
    folder,
    exited,
    /** Resolves once the first grant is on screen. */
    up,
    printed: () => printed,
    access: () => JSON.parse(readFileSync(join(folder, '.sandbox/access.json'), 'utf8')) as Access,
  };
}

/** A port that somebody listens on, until the test ends. */
async function takenPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  running.push({ kill: () => server.close() });
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

const as = (principal: string, { api, principals }: Access) =>
  makeApiCaller(api, principals[principal] ?? { accessKeyId: '', secretAccessKey: '' });

/** Debian's curl signs since 7.75; a machine that has only node and npm has none. */
const { stdout: help } = spawnSync('curl', ['--help', 'all'], { encoding: 'utf8' });
const curlSigns = String(help).includes('--aws-sigv4');

/** The keys of each principal. Where their tokens are changes with every start. */
const keysOf = ({ principals }: Access) =>
  Object.entries(principals).map(([id, { accessKeyId, secretAccessKey }]) => [
    id,
    accessKeyId,
    secretAccessKey,
  ]);

describe('npm start, after the one before it crashed', () => {
  let first: ReturnType<typeof start>;
  let sandbox: ReturnType<typeof start>;
  /** What it was told, and what was left open, when the first one was killed. */
  let before: { access: Access; openRequest: string };
  beforeAll(async () => {
    first = start();
    await first.up;
    const access = first.access();
    const asked = await as('employee1', access)('POST', '/requests?wait=20', {
      reason: 'I need the profile of a customer for a case.',
    });
    expect(asked).toMatchObject({ status: 202, body: { status: 'AWAITING_APPROVAL' } });
    before = { access, openRequest: String(asked.body.requestId) };
    first.child.kill('SIGKILL');
    await first.exited;
    sandbox = start({}, first.folder);
    await sandbox.up;
  }, 2 * BOOT);
  afterAll(async () => {
    const { console: url } = sandbox.access();
    sandbox.child.kill('SIGINT');
    expect(await sandbox.exited).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('what was open is closed as FAILED, told of, and keys are the same', async () => {
    expect(first.printed()).not.toContain('the last run left open');
    expect(sandbox.printed()).toContain('1 request(s) that the last run left open are closed as FAILED');
    const access = sandbox.access();
    expect(keysOf(access)).toEqual(keysOf(before.access));
    expect(await as('employee1', access)('GET', `/requests/${before.openRequest}`)).toMatchObject({
      status: 200,
      body: { status: 'FAILED', closedBecause: 'sandbox_restarted' },
    });
  });

  test("shows a grant in seconds, and IAM's refusal of another customer's row", () => {
    for (const printed of [first.printed(), sandbox.printed()]) {
      expect(printed).toMatch(/GetItem c-1042 +works\n +GetItem c-2077 +AccessDeniedException/);
      expect(printed).toMatch(/First grant on screen after \d+\.\d s/);
      expect(printed).toContain('an offline keyword matcher');
    }
  });

  test('writes who may call what, for this user alone', async () => {
    const { principals, subjects, stepUp, ...others } = sandbox.access();
    expect(Object.keys(stepUp).sort()).toEqual(['admin', 'approver1', 'approver2']);
    expect(Object.keys(others).sort()).toEqual([
      'account',
      'accountReader',
      'api',
      'audit',
      'aws',
      'chat',
      'console',
      'factSource',
      'facts',
      'gateway',
      'oidcApi',
      'region',
      'scim',
      'scimToken',
      'slack',
      'webhooks',
    ]);
    expect(Object.keys(principals.admin ?? {}).sort()).toEqual([
      'accessKeyId',
      'secretAccessKey',
      'tokenUrl',
    ]);
    const token = await (await fetch(subjects['c-1042']?.tokenUrl ?? '')).json();
    expect(token).toEqual({ token: expect.stringMatching(/^ey/) });
    const modes = ['.sandbox', '.sandbox/access.json'].map(
      (name) => statSync(join(sandbox.folder, name)).mode,
    );
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o600]);
  });

  test('has the command line call it as a principal, on behalf of a customer, once its line is evaluated', async () => {
    const node = process.execPath;
    const said = async (as: string, command: string) => {
      const line = `eval "$(${node} ${resolve('scripts/act-as.ts')} ${as})" && ${node} ${posternProgram()} ${command}`;
      return promisify(execFile)('/bin/sh', ['-c', line], {
        cwd: sandbox.folder,
        env: { HOME: sandbox.folder, AWS_SESSION_TOKEN: 'of another', AWS_PROFILE: 'another' },
      });
    };
    expect((await said('analyst1', 'whoami')).stdout).toContain('principal  analyst1');
    const ask = `request --json --reason 'The customer on the line asks for the balance of their account.'`;
    const { stdout } = await said('customer_support_agent c-1042', ask);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'READY' });
    await expect(said('nobody', 'whoami')).rejects.toMatchObject({
      stderr: expect.stringContaining('postern: the demo has no principal nobody\n'),
    });
  }, 60_000);

  test.skipIf(!curlSigns)('prints a curl line that works as pasted', async () => {
    const line = /^curl .*$/m.exec(sandbox.printed())?.[0] ?? '';
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({
      credentials: { accessKeyId: expect.stringMatching(/^ASIA/) },
      assumedRoleArn: expect.stringContaining('postern-brokered-internal/analyst1-'),
    });
  });
});

test('the chat takes any port where its usual is taken, and nobody named another', async () => {
  const server = createServer().listen(4783, '127.0.0.1');
  // Where somebody has it already, it is taken all the same.
  await once(server, 'listening').catch(() => {});
  const own = start({ CHAT_PORT: '' });
  await own.up;
  const { chat } = own.access();
  const { status } = await fetch(chat, { redirect: 'manual' });
  expect([new URL(chat).port === '4783', status]).toEqual([false, 302]);
  own.child.kill('SIGTERM');
  expect(await own.exited).toBe(0);
  server.close();
});

describe('what the operator can mend is one line, and exit 1', () => {
  const oneLine = async ({ exited, printed }: ReturnType<typeof start>) => {
    const code = await exited;
    const [, ...lines] = printed().trim().split('\n');
    return { code, lines };
  };
  test.each(['PORT', 'AWS_PORT', 'GATEWAY_PORT', 'CHAT_PORT'])('%s is taken', async (name) => {
    const port = await takenPort();
    expect(await oneLine(start({ [name]: port }))).toEqual({
      code: 1,
      lines: [
        `postern: port ${port} is taken; stop what uses it, or set PORT, AWS_PORT, GATEWAY_PORT and CHAT_PORT to others`,
      ],
    });
  });
  test.each(['http', '65536'])('PORT is %j', async (port) => {
    const { code, lines } = await oneLine(start({ PORT: port }));
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('PORT');
  });
  test('there is no configuration', async () => {
    const { code, lines } = await oneLine(start({ POSTERN_CONFIG_DIR: '/nowhere' }));
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('nowhere');
  });
  test('.sandbox is of another version', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, '.sandbox'));
    writeFileSync(join(folder, '.sandbox/kms.json'), '{}');
    expect(await oneLine(start({}, folder))).toEqual({
      code: 1,
      lines: [
        'postern: .sandbox was written by another version of Postern; delete it (its requests, audit log and keys), or start that version',
      ],
    });
  });
});
