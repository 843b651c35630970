import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { TOOLS } from './support/find-tools.ts';
import { type Bench, CHANNEL, DIRTY, METRICS, startBench } from './support/start-bench.ts';

const tools = inject('tools');
const READ = resolve('test/clients/python/read_table.py');
const query = [
  ...['dynamodb', 'query', '--table-name', 'bank_operational_metrics'],
  ...['--key-condition-expression', 'metric = :m'],
  ...['--expression-attribute-values', '{":m":{"S":"payments_failed"}}', '--query', 'Count'],
];
const ofJava = `${resolve(TOOLS, 'java/classes')}:${resolve(TOOLS, 'java/lib')}/*`;

/** Programs that read a table by their SDK's ordinary chain, and the file that has to be there for each. */
const READERS: readonly [string, string, readonly string[]][] = [
  ['boto3', 'bin/python', ['python', READ, '3']],
  ['the AWS CLI', 'bin/aws', ['aws', ...query]],
  ['the SDK for Go', 'bin/go-client', ['go-client']],
  ['the SDK for Java', 'java/classes/Client.class', ['java', '-cp', ofJava, 'Client']],
];
const readers = READERS.filter(([, file]) => tools.includes(file));

describe.skipIf(tools.length === 0)('other people’s tools', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench?.close());

  const run = ([file = '', ...args]: readonly string[], env: Record<string, string>) =>
    bench.postern.other(file, args, env);
  /** Runs a line of a shell, as one pastes it. */
  const shell = (line: string, env: Record<string, string>) => run(['bash', '-c', line], env);
  const requestsOf = async (as: string) =>
    (await bench.cloud.as(as)('GET', '/requests')).body.requests as { requestId: string; status: string }[];

  describe.each(readers)('%s reads a table', (_, __, command) => {
    test('by a profile whose credential_process is postern, with AWS_PROFILE set', async () => {
      // Keys and roles of the environment outrank a profile for every SDK: that is no fault of the profile.
      const { AWS_SECURITY_TOKEN = '', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = '' } = DIRTY;
      const env = { AWS_PROFILE: 'bank', AWS_SECURITY_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE };
      const read = await run(command, bench.shellOf('analyst1', env));
      expect(read).toMatchObject({ code: 0, out: expect.stringMatching(/^[1-9]/) });
    });

    test.each(['exec', 'serve'])('by postern %s, whatever stands in the environment', async (way) => {
      const postern = ['postern', way, '--profile', 'agent', '--reason', METRICS, '--'];
      const read = await run([...postern, ...command], bench.shellOf('analyst1', DIRTY));
      expect(read).toMatchObject({ code: 0, out: expect.stringMatching(/^[1-9]/) });
    });
  });

  test('boto3 runs the credential process once for 21 calls', async () => {
    bench.takeRuns();
    const env = bench.shellOf('analyst1', { AWS_PROFILE: 'bank' });
    const read = await run(['python', READ, '21'], env);
    expect([read.code, read.out.trim().split(' ').length, bench.takeRuns()]).toEqual([0, 21, 1]);
  });

  test.each([
    ['AWS_PROFILE', { AWS_PROFILE: 'loop' }],
    ['the default profile', {}],
  ])(
    'a profile that leads postern back to itself, by %s, ends in one line that says what to write',
    async (_, more) => {
      const env = bench.shellOf('analyst1', more);
      if (Object.keys(more).length === 0) {
        const config = join(bench.postern.home, 'config-default');
        writeFileSync(config, `[default]\nregion = eu-central-1\n${bench.line('')}\n`);
        Object.assign(env, { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
      }
      bench.takeRuns();
      const read = await run(['aws', ...query], env);
      expect(read.code).not.toBe(0);
      expect(read.err).toContain('--profile <other>');
      expect(bench.takeRuns()).toBeLessThan(3);
      const doctor = await run(['postern', 'doctor'], env);
      expect(doctor.out).toMatch(/✗ the profile (loop|default) .*credential_process/);
    },
  );

  test('a shell goes on once there is something to serve, and the server runs on until it is ended', async () => {
    const env = bench.shellOf('analyst1', DIRTY);
    const serve = `postern serve --detach --profile agent --reason "${METRICS}"`;
    const line = `eval "$(${serve})"; echo returned; python ${READ} 21; kill "$POSTERN_SERVE_PID"; echo "rc=$?"`;
    const { code, out } = await shell(line, env);
    const [returned, counts = '', killed] = out.trim().split('\n');
    expect([code, returned, counts.split(' ').length, killed]).toEqual([0, 'returned', 21, 'rc=0']);
  });

  test.each(['--detach', ''])('denied, serve prints nothing but the error: %s', async (option) => {
    const line = `postern serve ${option} --profile agent --reason "${METRICS}"`;
    const { code, out, err } = await shell(line, bench.shellOf('admin'));
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('because review_not_approved');
  });

  test('killed again and again before people decide, the credential process asks them once', async () => {
    const { AWS_CONFIG_FILE: _, ...env } = bench.shellOf('employee1');
    const reason = 'The profile of customer c-1042 is needed to correct the address, ticket 881.';
    const command = [
      '--profile',
      'agent',
      '--region',
      'eu-central-1',
      'credential-process',
      '--reason',
      reason,
    ];
    const told: string[] = [];
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const child = spawn(bench.program, command, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      const lines = createInterface({ input: child.stderr });
      const asked = new Promise<string>((done) =>
        lines.on('line', (line) => {
          told.push(line);
          if (line.includes('is asked')) done(line);
        }),
      );
      await asked;
      child.kill(signal);
      await once(child, 'close');
    }
    const [id = ''] = [...new Set(told.flatMap((line) => /employee1-[0-9A-Z]{26}/.exec(line)?.[0] ?? []))];
    expect(told.at(-1)).toContain(id);
    expect(told.join('\n')).toContain(`postern claim ${id}`);
    await bench.slack.click('U0APPROVER1', await bench.slack.message(CHANNEL, id), 'approve');
    await bench.slack.ended(id);
    const third = await run([bench.program, ...command], env);
    expect(JSON.parse(third.out)).toMatchObject({ Version: 1, AccessKeyId: expect.stringMatching(/^ASIA/) });
    const requests = await requestsOf('employee1');
    expect(requests.filter(({ requestId }) => requestId >= id)).toEqual([
      expect.objectContaining({ requestId: id, status: 'ISSUED' }),
    ]);
  });

  test.each([
    ['SIGINT', 41],
    ['SIGHUP', 42],
    ['SIGQUIT', 43],
    ['SIGTERM', 44],
  ] as const)('%s to exec alone reaches its command, and nothing is left running', async (signal, code) => {
    const pidFile = join(bench.postern.home, `pid-${signal}`);
    const traps =
      'trap "exit 41" INT; trap "exit 42" HUP; trap "exit 43" QUIT; trap "exit 44" TERM; trap : USR1';
    const script = `${traps}; echo $$ > ${pidFile}; echo ready; while :; do sleep 0.05; done`;
    const args = ['exec', '--profile', 'agent', '--reason', METRICS, '--', 'sh', '-c', script];
    // A session of its own, as a supervisor gives it: no terminal sends anything.
    const child = spawn(bench.program, args, {
      env: bench.shellOf('analyst1'),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await once(createInterface({ input: child.stdout }), 'line');
    // Node.js would open its debugger on this one.
    process.kill(child.pid ?? 0, 'SIGUSR1');
    process.kill(child.pid ?? 0, signal);
    const [ended] = await once(child, 'close');
    expect([ended, err.includes('Debugger')]).toEqual([code, false]);
    expect(existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)).toBe(false);
  });

  test('an MCP client in Python hears in time, keeps hearing, and asks people once', async () => {
    const env = bench.shellOf('employee1', { AWS_PROFILE: 'agent' });
    const talked = await run(['python', resolve('test/clients/python/talk_mcp.py'), bench.program], env);
    expect(talked.code, talked.err).toBe(0);
    const seen = JSON.parse(talked.out);
    expect(seen.instructions).toContain('request_access');
    expect(seen.tools).toContain('list_requests');
    expect(seen.first).toMatchObject({
      status: 'AWAITING_APPROVAL',
      next: expect.stringContaining('check_access'),
    });
    expect(seen.seconds).toBeLessThan(20);
    expect([seen.again, seen.listed]).toEqual([
      seen.first.requestId,
      expect.arrayContaining([seen.first.requestId]),
    ]);
    expect(seen.heard.length).toBeGreaterThan(3);
    expect(seen.heard[0]).toContain(seen.first.requestId);
    expect(seen.longestGap).toBeLessThan(15);
  });
});
