import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { proposingProfile } from '../support/slack-of-cloud.ts';
import { TOOLS } from './support/find-tools.ts';
import { type Bench, CHANNEL, METRICS, startBench } from './support/start-bench.ts';

const PYTHON = resolve(TOOLS, 'python/bin/python');
const FOLDER = 'test/clients/python-client';
const EXAMPLES = 'docs/examples/python';
const AGENT = 'customer_support_agent';
const BALANCE = 'The customer asks for the balance of their account.';
const PROFILE = 'The profile of customer c-1042 is needed to correct the address, ticket 881.';

describe.skipIf(inject('tools').length === 0)('the Python client', () => {
  let bench: Bench;
  let home: string;
  beforeAll(async () => {
    bench = await startBench();
    home = bench.postern.home;
    bench.cloud.reviewer.says(proposed);
  });
  afterAll(() => bench?.close());

  function proposed({ principal, reason }: Asked): Line {
    if (principal.id === AGENT) return proposing('bank_balances', ['dynamodb:GetItem']);
    if (principal.id === 'employee1') return proposingProfile(bench.slack);
    if (principal.id === 'analyst1' && reason === METRICS)
      return proposing('bank_operational_metrics', ['dynamodb:Query'], { durationSeconds: 3600 });
    const refusal = { approved: false, grants: [], durationSeconds: 900, risk: 'low' };
    return { text: { ...refusal, authorization: 'unclear', reason: 'It fits no rule.' } };
  }

  async function tokenOf(id: string, query = ''): Promise<string> {
    const { tokenUrl } = bench.cloud.access.principals[id] ?? {};
    const { token } = (await (await fetch(`${tokenUrl}${query}`)).json()) as { token: string };
    return token;
  }

  const bare = () => ({
    PATH: `${process.env.PATH}`,
    HOME: home,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: bench.cloud.urls.aws,
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONDONTWRITEBYTECODE: '1',
  });

  /** The environment of a process with one token file, and nothing of AWS but the region, and where AWS is here. */
  async function withTokenFile(id: string, query = ''): Promise<Record<string, string>> {
    const file = join(home, `token-${id}`);
    writeFileSync(file, `${await tokenOf(id, query)}\n`, { mode: 0o600 });
    return { ...bare(), POSTERN_API: bench.cloud.urls.oidcApi, POSTERN_WEB_IDENTITY_TOKEN_FILE: file };
  }

  /** The environment of a process with a principal's keys. */
  const withKeys = (id: string): Record<string, string> => ({
    ...bare(),
    ...(bench.postern.environmentOf(id) as Record<string, string>),
  });

  const python = (args: readonly string[], env: Record<string, string>) =>
    bench.postern.other(PYTHON, args, env);
  /** What a step of use_postern.py printed last. */
  async function use(args: readonly string[], env: Record<string, string>) {
    const { code, out, err } = await python([`${FOLDER}/use_postern.py`, ...args], env);
    expect(code, err).toBe(0);
    return { lines: out.trim().split('\n'), answer: JSON.parse(out.trim().split('\n').at(-1) ?? ''), err };
  }

  test('its own tests pass: each refusal, each identity, and patience', async () => {
    const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', FOLDER];
    const { code, out } = await python(args, { PATH: `${process.env.PATH}`, PYTHONDONTWRITEBYTECODE: '1' });
    expect(code, out).toBe(0);
  });

  test.each([
    ['the package', ['--project', 'clients/python']],
    [
      'the examples',
      readdirSync(EXAMPLES)
        .filter((name) => name.endsWith('.py'))
        .map((name) => join(EXAMPLES, name)),
    ],
  ])('pyright finds nothing in %s', async (_, args) => {
    const command = ['node_modules/pyright/index.js', '--pythonpath', PYTHON, ...args];
    const { code, out } = await bench.postern.other(process.execPath, command, {
      PATH: `${process.env.PATH}`,
      HOME: home,
    });
    expect(code, out).toBe(0);
  });

  test('what is installed elsewhere is typed, and no example is longer than 60 lines', async () => {
    const build = `import sys; from flit_core import buildapi; import os, zipfile; os.chdir('clients/python'); print(*zipfile.ZipFile(os.path.join(sys.argv[1], buildapi.build_wheel(sys.argv[1]))).namelist())`;
    const { out, err } = await python(['-c', build, home], bare());
    expect(out.trim().split(' '), err).toEqual(
      expect.arrayContaining(['postern/py.typed', 'postern/identity/tokens.py', 'postern/aio.py']),
    );
    for (const name of readdirSync(EXAMPLES))
      expect([name, readFileSync(join(EXAMPLES, name), 'utf8').split('\n').length <= 61]).toEqual([
        name,
        true,
      ]);
  });

  describe('an agent with no AWS variable but the region, and one token file, reads its customer’s row', () => {
    test.each(['read', 'read_async'])('by %s', async (step) => {
      const env = await withTokenFile(AGENT, '?subject=c-1042');
      const { answer, err } = await use([step, BALANCE, 'c-1042', 'c-2077'], env);
      expect(answer, err).toEqual(['1250.4', 'AccessDeniedException']);
    });

    test('by postern exec, and the TypeScript client', async () => {
      const env = await withTokenFile(AGENT, '?subject=c-1042');
      const reads = join(process.cwd(), 'test/support/read-balance.mjs');
      const exec = ['exec', '-r', BALANCE, '--', process.execPath, reads, 'c-1042'];
      const byCommand = await bench.postern.other(bench.program, exec, env);
      expect([byCommand.code, JSON.parse(byCommand.out || '{}').balance], byCommand.err).toEqual([
        0,
        '1250.4',
      ]);
      const program = ['test/support/read-balance-by-sdk.mjs', BALANCE, 'c-1042'];
      const bySdk = await bench.postern.other(process.execPath, program, env);
      expect([bySdk.code, JSON.parse(bySdk.out || '{}').balance], bySdk.err).toEqual([0, '1250.4']);
    });
  });

  test('with keys of AWS it signs, and brings its customer’s token beside them; no secret is printed or logged', async () => {
    const subject = await bench.cloud.subjectToken('c-1042');
    const env: Record<string, string> = { ...withKeys(AGENT), SUBJECT_TOKEN: subject, LOG_ALL: '1' };
    const { answer, err } = await use(['read', BALANCE, 'c-1042', 'c-2077'], env);
    expect(answer, err).toEqual(['1250.4', 'AccessDeniedException']);
    expect(err).toMatch(/request customer_support_agent-\w{26} is READY/);
    for (const secret of [subject, env.AWS_SECRET_ACCESS_KEY ?? '', 'ASIA'])
      expect(err).not.toContain(secret);
  });

  test('the default session of boto3 can be Postern’s, whatever other keys there are', async () => {
    const env = {
      ...(await withTokenFile('analyst1')),
      AWS_ACCESS_KEY_ID: 'AKIAOLDOLDOLDOLDOLD0',
      AWS_SECRET_ACCESS_KEY: 'old',
    };
    expect((await use(['metrics', METRICS], env)).answer).toBe(3);
  });

  test.each<[string, () => Promise<Record<string, string>>, string[], object]>([
    [
      'a denial',
      () => withTokenFile('analyst1'),
      ['metrics', 'The tables of payments have to be deleted.'],
      {
        raised: 'Denied',
        reasons: ['review_not_approved'],
        says: expect.stringMatching(/\(request analyst1-\w{26}\)/),
      },
    ],
    [
      'a token at the door of signed calls',
      async () => ({ ...(await withTokenFile('analyst1')), POSTERN_API: bench.cloud.urls.api }),
      ['metrics', METRICS],
      { raised: 'SignatureRefused' },
    ],
    [
      'a signature at the door of tokens',
      async () => ({ ...withKeys('analyst1'), POSTERN_API: bench.cloud.urls.oidcApi }),
      ['metrics', METRICS],
      { raised: 'TokenRefused' },
    ],
    [
      'a page that is no broker',
      async () => ({
        ...(await withTokenFile('analyst1')),
        POSTERN_API: `${bench.cloud.urls.console}/slack`,
      }),
      ['metrics', METRICS],
      { raised: 'ForeignAnswer' },
    ],
    [
      'a profile that leads back to Postern',
      async () => ({
        ...bare(),
        POSTERN_API: bench.cloud.urls.api,
        AWS_PROFILE: 'loop',
        AWS_CONFIG_FILE: bench.config,
      }),
      ['metrics', METRICS],
      { raised: 'IdentityLoop' },
    ],
    [
      'people who have not decided',
      async () => withKeys('employee1'),
      ['wait', `${PROFILE} Again.`, '0.5'],
      { raised: 'WaitTimedOut', says: expect.stringMatching(/request employee1-\w{26}/) },
    ],
  ])('%s ends in one class and one line', async (_, env, args, expected) => {
    bench.takeRuns();
    const { answer, lines } = await use(args, await env());
    expect(answer).toEqual({ reasons: [], says: expect.not.stringContaining('\n'), ...expected });
    // The id of a request is told at once, where there is one.
    if (args[0] === 'wait') expect(lines[0]).toMatch(/^employee1-\w{26}$/);
    expect(bench.takeRuns()).toBe(0);
  });

  /** Approves what a principal waits for. */
  async function approve(requestId: string): Promise<void> {
    await bench.slack.click('U0APPROVER1', await bench.slack.message(CHANNEL, requestId), 'approve');
    await bench.slack.ended(requestId);
  }

  test('a request that waits for people is gone on with by another process, and by nobody else', async () => {
    const started = await use(['start', PROFILE], withKeys('employee1'));
    const { requestId, status } = JSON.parse(started.answer);
    expect(status).toBe('AWAITING_APPROVAL');
    expect((await use(['finish', started.answer], withKeys('employee1'))).answer).toMatchObject({
      raised: 'WaitTimedOut',
    });
    expect((await use(['finish', started.answer], withKeys('analyst1'))).answer).toMatchObject({
      raised: 'RequestNotFound',
    });
    await approve(requestId);
    expect((await use(['finish', started.answer], withKeys('employee1'))).answer).toBe(requestId);
    expect((await use(['finish', started.answer], withKeys('employee1'))).answer).toMatchObject({
      raised: 'AlreadyClaimed',
    });
  });

  describe('of the examples', () => {
    test('the loop reads as often as it is told, by one session', async () => {
      const env = await withTokenFile('analyst1');
      const before = (await bench.cloud.as('analyst1')('GET', '/requests')).body.requests as unknown[];
      const { code, out, err } = await python([`${EXAMPLES}/boto3_loop.py`, '5', '0'], env);
      expect([code, out], err).toEqual([0, '3\n3\n3\n3\n3\n']);
      const after = (await bench.cloud.as('analyst1')('GET', '/requests')).body.requests as unknown[];
      expect(after.length - before.length).toBe(1);
      const denied = await python([`${EXAMPLES}/boto3_loop.py`, '1', '0'], await withTokenFile('admin'));
      expect([denied.code, denied.out, denied.err]).toEqual([
        1,
        '',
        expect.stringMatching(/^Denied: [^\n]+\n$/),
      ]);
    });

    test('the LangGraph tool reads the signed-in customer’s row, whomever the model names', async () => {
      const env = await withTokenFile(AGENT);
      const args = [
        `${FOLDER}/call_langgraph_tool.py`,
        await bench.cloud.subjectToken('c-1042'),
        'c-1042',
        'c-2077',
      ];
      const { out, err } = await python(args, env);
      expect(JSON.parse(out || '{}'), err).toEqual({
        'c-1042': '1250.4',
        'c-2077': 'AWS refused it: AccessDeniedException',
      });
    });

    test('the LangGraph graph is interrupted while people decide, and resumed by another process', async () => {
      const run = (step: string) =>
        python([`${EXAMPLES}/langgraph_interrupt.py`, join(home, 'graph.db'), step], withKeys('employee1'));
      const started = await run('start');
      const [requestId = ''] = /employee1-\w{26}/.exec(started.out) ?? [];
      expect(started.out, started.err).toContain("'status': 'AWAITING_APPROVAL'");
      expect((await run('resume')).out).toContain(requestId);
      await approve(requestId);
      const resumed = await run('resume');
      expect([resumed.code, resumed.out], resumed.err).toEqual([0, 'Mira Aldous\n']);
      expect(readFileSync(join(home, 'graph.db')).toString('latin1')).not.toMatch(/ASIA[A-Z2-7]{16}/);
    });

    test('the Strands hook gives the tool its session, and the model the reason why there is none', async () => {
      const run = async (id: string) => {
        const { out, err } = await python([`${FOLDER}/run_strands_agent.py`], await withTokenFile(id));
        return JSON.parse(out || JSON.stringify(err));
      };
      expect(await run('analyst1')).toEqual([['success', '3']]);
      expect(await run('admin')).toEqual([['error', expect.stringMatching(/^There is no access: /)]]);
    });
  });
});
