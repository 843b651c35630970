import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../../clients/cli/run-cli.ts';
import { posternProgram } from '../../support/postern-program.ts';

const REQUEST_ID = 'admin-01M8JGZFX6MQM8NH7D7VW63YQZ';
const NOW = '2026-11-20T12:00:00.000Z';

let folder: string;
let broker: Server;
/** What the broker is asked, and what it answers next. */
let asked: string[];
let answer: object;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-exit-codes-'));
  broker = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => broker.listen(0, '127.0.0.1', listening));
  // The SDK reads this from the process.
  const profiles = join(folder, 'profiles');
  writeFileSync(
    profiles,
    '[admin]\naws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = secret\n',
  );
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', profiles);
});
afterAll(() => {
  vi.unstubAllEnvs();
  broker.close();
  rmSync(folder, { recursive: true });
});

/** Runs a program of the repository, with nothing of this machine's AWS. */
const run = (file: string, args: readonly string[], cwd = '.') =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    const options = { cwd, env: { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' } };
    execFile(process.execPath, [resolve(file), ...args], options, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

/** Runs `postern …` against the broker above. */
async function postern(args: readonly string[]) {
  asked = [];
  const said = { out: '', err: '' };
  const code = await runCli(['--profile', 'admin', '--region', 'eu-central-1', ...args], {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    env: {
      HOME: folder,
      POSTERN_API: `http://127.0.0.1:${(broker.address() as AddressInfo).port}`,
    },
    self: [process.execPath, posternProgram()],
    isWatched: false,
    signal: new AbortController().signal,
  });
  return { code, ...said };
}

test.each([
  ['PENDING', 0],
  ['AWAITING_APPROVAL', 0],
  ['DENIED', 3],
  ['CANCELLED', 1],
  ['FAILED', 1],
])('policy set --no-wait: a change that is %s ends with %i', async (status, code) => {
  const file = join(folder, 'policy.txt');
  writeFileSync(file, 'Analysts read operational metrics, daily.');
  const self = `/requests/${REQUEST_ID}`;
  answer = {
    ...{
      requestId: REQUEST_ID,
      status,
      reason: 'Analysts report daily now.',
      createdAt: NOW,
      updatedAt: NOW,
    },
    links: { self, credentials: self, cancel: self, revoke: self },
  };
  const ended = await postern([
    'policy',
    'set',
    'analyst1',
    '-f',
    file,
    '-r',
    'Analysts report daily now.',
    '--no-wait',
  ]);
  expect(ended.err).not.toContain('    at ');
  expect([ended.code, asked]).toEqual([code, ['POST /changes?wait=20']]);
});

test('status: a list that was cut says how to go on, and goes on', async () => {
  const row = {
    requestId: REQUEST_ID,
    status: 'DENIED',
    reason: 'A reason.',
    createdAt: NOW,
    updatedAt: NOW,
  };
  answer = { requests: [row], nextCursor: 'bmV4dA' };
  const first = await postern(['status']);
  expect(first.out).toContain('… and older ones: postern status --cursor bmV4dA');
  answer = { requests: [row] };
  const second = await postern(['status', '--cursor', 'bmV4dA']);
  expect([second.code, asked]).toEqual([0, ['GET /requests?limit=50&cursor=bmV4dA']]);
  expect(second.out).not.toContain('older ones');
});

test.each<[readonly string[], number, string]>([
  [['employee1', 'bank_customer_profiles', 'dynamodb:GetItem'], 0, 'approval'],
  [['analyst1', 'bank_customer_profiles', 'dynamodb:Scan'], 2, 'The catalog has no dynamodb:Scan'],
  [['analyst1'], 2, 'Usage: npm run guardrails'],
])('guardrails explain %j ends with %i', async (args, code, said) => {
  const ended = await run('scripts/guardrails.ts', ['explain', ...args]);
  expect(ended.code).toBe(code);
  // An answer is for a pipe; what was wrong with the question is not.
  expect(code === 0 ? ended.out : ended.err).toContain(said);
  expect(code === 0 ? ended.err : ended.out).toBe('');
});

test('audit verify says what is not there, or does not answer, in one line', async () => {
  const verify = () => run('clients/audit/main.ts', ['audit', 'verify'], folder);
  const nothing = await verify();
  expect([nothing.code, nothing.out]).toEqual([2, '']);
  expect(nothing.err).toMatch(/^postern audit: no audit log: run "npm start" .*\n$/);
  // Port 1 is nobody's.
  const aws = 'http://127.0.0.1:1';
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
  const audit = { archiveUrl: `${aws}/archive`, region: 'eu-central-1', credentials };
  mkdirSync(join(folder, '.sandbox'), { recursive: true });
  writeFileSync(join(folder, '.sandbox/access.json'), JSON.stringify({ aws, audit }));
  const stopped = await verify();
  expect([stopped.code, stopped.out]).toEqual([2, '']);
  expect(stopped.err).toMatch(
    /^postern audit: the sandbox at http:\/\/127\.0\.0\.1:1 does not answer .*npm start.*\n$/,
  );
});
