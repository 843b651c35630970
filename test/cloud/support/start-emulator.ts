import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
/** MiniStack takes an account's id as the access key of its root user. */
export const ROOT = { accessKeyId: ACCOUNT, secretAccessKey: 'root-of-the-emulated-account' };

const PYTHON = resolve('.ci/.venv-cloud/bin/python');
const LAUNCHER = resolve('test/cloud/emulator/launch.py');
const OUTSIDE = pathToFileURL(resolve('test/cloud/emulator/outside.mjs')).href;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (!address || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

type Options = {
  /** Where hosts of the internet are found, by their names. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly slackApiUrl: string;
  /** The account's limit of simultaneous runs of functions; AWS gives a new account 10. */
  readonly concurrency: number;
};

/** Starts MiniStack, empty, with IAM enforced, and with what test/cloud/emulator adds to it. */
export async function startEmulator({ hosts, slackApiUrl, concurrency }: Options) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-cloud-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const outside = {
    POSTERN_OUTSIDE: JSON.stringify({ ...hosts, '.amazonaws.com': endpoint }),
  };
  // For the test itself, which calls the API at its own address: not by a proxy of this machine's.
  for (const name of Object.keys(process.env))
    if (/^(https?_proxy|aws_ca_bundle)$/i.test(name)) delete process.env[name];
  Object.assign(process.env, outside);
  // Not before: what is loaded later may put a `fetch` of its own there.
  await import('../emulator/outside.mjs');
  const log = join(folder, 'log');
  const faults = join(folder, 'faults.json');
  mkdirSync(join(folder, 'tmp'));
  const child = spawn(PYTHON, ['-u', LAUNCHER], {
    stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')],
    env: {
      ...outside,
      PATH: process.env.PATH,
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      TMPDIR: join(folder, 'tmp'),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      // What it listens on besides, at fixed ports.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      AUTH: 'true',
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      LAMBDA_ACCOUNT_CONCURRENCY: String(concurrency),
      POSTERN_EMULATOR_FAULTS: faults,
      SLACK_API_URL: slackApiUrl,
    },
  });
  const gone = new Promise<void>((done) => child.on('exit', () => done()));
  const isUp = async () => (await fetch(`${endpoint}/_ministack/health`).catch(() => undefined))?.ok;
  for (let waited = 0; !(await isUp()); waited += 1) {
    if (waited > 300 || child.exitCode !== null)
      throw new Error(`it does not start:\n${readFileSync(log, 'utf8')}`);
    await sleep(200);
  }
  return {
    endpoint,
    folder,
    /** Options of an SDK client that acts as the account's root. */
    root: { endpoint, region: REGION, credentials: ROOT },
    /** The environment of a command that is run by the account's root. */
    env: {
      ...outside,
      NODE_OPTIONS: `--import ${OUTSIDE}`,
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    } as NodeJS.ProcessEnv,
    /** Has every resource of these types fail to be made. */
    refuse: (types: readonly string[]) => writeFileSync(faults, JSON.stringify(types)),
    log: () => readFileSync(log, 'utf8'),
    /** Ends it, and takes away what it kept. */
    async close(): Promise<void> {
      delete process.env.POSTERN_OUTSIDE;
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Emulator = Awaited<ReturnType<typeof startEmulator>>;
