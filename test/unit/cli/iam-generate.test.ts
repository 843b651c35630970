import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../../clients/cli/run-cli.ts';
import { askInTerminal } from '../../../clients/iam/generate/ask-in-terminal.ts';
import { KNOWN_JOBS } from '../../../clients/iam/generate/offline/known-jobs.ts';
import { understand } from '../../../clients/iam/generate/offline/understand.ts';
import { policiesOfTemplate } from '../../../clients/iam/inputs/policies-of-template.ts';
import { problemsOfIntent } from '../../../policy/generate/intent-problems.ts';
import { data } from '../../support/policy/check-case.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Ran = { readonly code: number; readonly out: string; readonly err: string };

async function runWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ran> {
  const said = { out: '', err: '' };
  const code = await runCli(['iam', 'generate', ...args], {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    env,
    self: [],
    isWatched: false,
    signal: new AbortController().signal,
  });
  return { code, ...said };
}
const run = (...args: readonly string[]) => runWith({}, ...args);

const JOB =
  'For a lambda in account 123456789012 in eu-central-1: read the objects of the bucket reports, and send to the queue jobs.';
const ANSWERED = ['--answer', 'key.1=no', '--answer', 'key.2=no'];

async function generated(...args: readonly string[]) {
  const ran = await run(...args, '--format', 'json');
  expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
  return JSON.parse(ran.out);
}
async function fileOf(name: string, ...args: readonly string[]): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, (await run(...args, '--format', 'json')).out);
  return file;
}
const actionsOf = (made: { permissions: { Statement: { Action: string[] }[] } }): string[] =>
  made.permissions.Statement.flatMap(({ Action }) => Action).sort();

describe('the offline matcher', () => {
  test.each([
    ['read the bucket reports', ['s3 reports: s3:GetObject s3:ListBucket']],
    ['upload to the reports bucket', ['s3 reports: s3:PutObject']],
    [
      'query the orders table and the customers table',
      [
        'dynamodb orders: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query',
        'dynamodb customers: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query',
      ],
    ],
    [
      'write to the table "orders", but never delete from it',
      ['dynamodb orders: dynamodb:PutItem dynamodb:UpdateItem'],
    ],
    ['invoke the function resize', ['lambda resize: lambda:InvokeFunction']],
    // Who does it is not what it is done to.
    ['let a Lambda function send to the queue jobs', ['sqs jobs: sqs:SendMessage']],
    ['send to the queue jobs, as a Lambda function', ['sqs jobs: sqs:SendMessage']],
    ['get the secret db/password', ['secretsmanager db/password: secretsmanager:GetSecretValue']],
    [
      's3:GetObject and s3:PutObject on arn:aws:s3:::b/in/*',
      ['s3 arn:aws:s3:::b/in/*: s3:GetObject s3:PutObject'],
    ],
    ['publish to a topic', ['sns null: sns:Publish']],
  ])('reads “%s”', (prose, expected) => {
    const { accesses } = understand({ prose, before: null });
    expect(
      accesses.map(
        ({ service, resourceName, actions }) => `${service} ${resourceName}: ${actions.join(' ')}`,
      ),
    ).toEqual(expected);
    for (const { words } of accesses) expect(prose).toContain(words);
  });

  test.each(['hello', 'full access to the bucket reports', 'everything in the table orders', 'read it'])(
    'makes nothing of “%s”',
    async (prose) => {
      const { code, out, err } = await run(prose);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('names no job');
    },
  );

  test('knows actions that AWS has, on kinds that take them', () => {
    const accesses = KNOWN_JOBS.flatMap(({ service, type, actions }) =>
      Object.values(actions).map((names) => ({ service, type, actions: names, words: 'x' })),
    );
    expect(accesses.flatMap((access) => problemsOfIntent({ accesses: [access], answers: {} }, data))).toEqual(
      [],
    );
  });
});

describe('postern iam generate', () => {
  test('asks at most three questions at once, as JSON, and goes on with the answers', async () => {
    const first = await run('read the bucket reports, send to a queue, and get the secret db');
    expect(first.code).toBe(3);
    const { questions, readBy } = JSON.parse(first.out);
    expect(questions.map(({ id }: { id: string }) => id)).toEqual(['name.2', 'account', 'region']);
    expect(readBy).toEqual({ model: 'offline-keyword-matcher', isOffline: true });
    const file = join(folder, 'open.json');
    writeFileSync(file, first.out);
    const answers = [
      'name.2=jobs',
      'account=123456789012',
      'region=eu-central-1',
      'key.1=no',
      'key.2=no',
      'key.3=no',
      'assumedBy=none',
    ];
    const made = await generated('--intent', file, ...answers.flatMap((answer) => ['--answer', answer]));
    expect(actionsOf(made)).toEqual([
      's3:GetObject',
      's3:ListBucket',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
    expect(made.prose).toEqual(['read the bucket reports, send to a queue, and get the secret db']);
  });

  test('says in every form that no model read it', async () => {
    for (const format of ['text', 'json', 'cdk', 'terraform', 'cloudformation'])
      expect((await run(JOB, ...ANSWERED, '--format', format)).out).toContain('offline-keyword-matcher');
  });

  test.each([
    ['an answer to nothing', ['--answer', 'name.7=x'], 'name.7'],
    ['an answer of no form', ['--answer', 'account'], 'is no answer'],
    ['a region that there is not', ['--answer', 'region=eu-centrl-1'], 'did you mean eu-central-1?'],
    ['a group of no form', ['--as-catalog', 'a"b'], 'A group is a word'],
    ['a file that is not there', ['--refine', '/nowhere.json'], 'cannot be read'],
  ])('refuses %s', async (_, args, said) => {
    const { code, err } = await run(JOB, ...args);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  test('refuses a file that is something else', async () => {
    const file = join(folder, 'other.json');
    for (const text of ['{', '{"prose":[]}', '{"prose":[],"intent":{"accesses":[]}}', '[]']) {
      writeFileSync(file, text);
      expect((await run('--intent', file)).code).toBe(2);
    }
  });

  test('refines to what is proved to be within the last, or said to be wider', async () => {
    const last = await fileOf('last.json', JOB, ...ANSWERED);
    const narrower = await generated('only objects under 2026', '--refine', last);
    expect(narrower.refined.permissions).toEqual({ verdict: 'within' });
    expect(narrower.refined.trust).toEqual({ verdict: 'within' });
    expect(narrower.permissions.Statement[0].Resource).toEqual(['arn:aws:s3:::reports/2026/*']);
    const without = await generated('without the queue', '--refine', last);
    expect(actionsOf(without)).toEqual(['s3:GetObject', 's3:ListBucket']);
    const wider = await run('also delete from the bucket reports', '--refine', last, '--answer', 'key.3=no');
    expect(wider.out).toContain('wider: it allows this, and the last does not');
    expect(wider.out).toMatch(/by ReadWriteS3: .*it was asked for: “also delete from the bucket reports”/);
  });

  test('proves also what it had to ask about first', async () => {
    const last = await fileOf('last.json', JOB, ...ANSWERED);
    const open = await fileOf('refining.json', 'also read the table orders', '--refine', last);
    const args = ['--intent', open, '--refine', last, '--answer', 'key.3=no'];
    const made = await generated(...args);
    expect(made.refined.permissions).toMatchObject({ verdict: 'wider' });
    expect(made.prose).toEqual([JOB, 'also read the table orders']);
  });

  test('asks a person at the terminal, until there is an answer', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', (chunk) => {
      shown += chunk;
      if (shown.endsWith('> ')) input.write(shown.split('> ').length === 2 ? '\n' : 'eu-central-1\n');
    });
    const question = { id: 'region', question: 'In which \u001b[31mregion?', examples: ['eu-central-1'] };
    const { signal } = new AbortController();
    expect(await askInTerminal([question], { signal }, { input, output })).toEqual({
      region: 'eu-central-1',
    });
    expect(shown).not.toContain('\u001b[31m');
  });

  test('does not believe the policies of a file that it goes on with, but proves against those it refines', async () => {
    const last = await fileOf('last.json', JOB, ...ANSWERED);
    const file = JSON.parse(readFileSync(last, 'utf8'));
    file.permissions.Statement[0].Action = '*';
    file.permissions.Statement[0].Resource = '*';
    writeFileSync(last, JSON.stringify(file));
    expect(actionsOf(await generated('--intent', last))).not.toContain('*');
  });

  test('answers why in words', async () => {
    const last = await fileOf('last.json', JOB, ...ANSWERED);
    const why = await run('Why does it need s3:ListBucket?', '--refine', last);
    expect(why).toMatchObject({ code: 0 });
    expect(why.out).toContain('s3:ListBucket is allowed on arn:aws:s3:::reports, because it was asked for');
    expect(why.out).not.toContain('"Statement"');
    expect((await run('What is s3:PutObject for?')).out).toContain('s3:PutObject writes');
  });
});

describe('what is written', () => {
  const argsOf = (format: string, assumedBy: string) => [
    'read the table orders in account 123456789012 in eu-central-1',
    ...[
      '--answer',
      'key.1=1234abcd-12ab-34cd-56ef-1234567890ab',
      '--answer',
      `assumedBy=${assumedBy}`,
      '--format',
      format,
    ],
  ];
  const documentsIn = (template: object) =>
    policiesOfTemplate('t', JSON.parse(JSON.stringify(template))).found.map(
      ({ type, root }) => [type, root] as const,
    );

  test.each(['none', 'service:scheduler'])('is one policy in every form, for %s', async (assumedBy) => {
    const made = JSON.parse((await run(...argsOf('json', assumedBy))).out);
    const template = JSON.parse((await run(...argsOf('cloudformation', assumedBy))).out);
    const [role] = Object.values(template.Resources) as { Properties: Record<string, never> }[];
    const inTemplate = JSON.stringify(role?.Properties);
    expect(inTemplate).toContain(JSON.stringify(made.permissions));
    expect(documentsIn(template)).toHaveLength(made.trust ? 2 : 1);

    const terraform = (await run(...argsOf('terraform', assumedBy))).out;
    const written = [...terraform.matchAll(/jsonencode\((\{.*?^ {2}\})\)/gms)].map(([, text = '']) =>
      JSON.parse(text),
    );
    expect(written).toEqual(made.trust ? [made.trust, made.permissions] : [made.permissions]);

    const cdk = (await run(...argsOf('cdk', assumedBy))).out;
    const home = join(resolve('.tmp'), `generate-${assumedBy.replace(':', '-')}`);
    mkdirSync(home, { recursive: true });
    const file = join(home, 'generated-access.ts');
    writeFileSync(file, cdk);
    const { GeneratedAccess } = await import(file);
    const stack = new Stack(new App(), 'S');
    new GeneratedAccess(stack, 'A');
    rmSync(home, { recursive: true });
    const synthesised = JSON.stringify(Template.fromStack(stack).toJSON());
    for (const { Sid } of made.permissions.Statement) expect(synthesised).toContain(`"${Sid}"`);
    expect(synthesised).toContain('kms:ViaService');
  });

  test('for a catalog is accepted by the check of its guardrails', async () => {
    const { code, out } = await run(
      'read and write the table orders, read the bucket reports, get the secret db-secret, and send to the queue jobs, in account 123456789012 in eu-central-1',
      ...['key.1=no', 'key.2=no', 'key.3=no', 'key.4=no', 'assumedBy=none'].flatMap((answer) => [
        '--answer',
        answer,
      ]),
      ...['--as-catalog', 'analysts', '--format', 'json'],
    );
    expect(code).toBe(0);
    const draft = JSON.parse(out);
    expect(draft.leftOut).toEqual([]);
    const config = join(folder, 'config');
    cpSync('config', config, { recursive: true });
    const catalog = JSON.parse(readFileSync(join(config, 'catalog.json'), 'utf8'));
    catalog.resources.push(...draft.entries);
    writeFileSync(join(config, 'catalog.json'), JSON.stringify(catalog));
    const guardrails = join(config, 'guardrails.cedar');
    writeFileSync(guardrails, `${readFileSync(guardrails, 'utf8')}\n${draft.guardrails}\n`);
    const checked = execFileSync(process.execPath, ['scripts/guardrails.ts', 'check'], {
      env: { PATH: process.env.PATH, POSTERN_CONFIG_DIR: config },
      encoding: 'utf8',
    });
    expect(checked).toContain('0 errors');
    for (const { key } of draft.entries) expect(checked).not.toContain(key);
    const matrix = execFileSync(
      process.execPath,
      ['scripts/guardrails.ts', 'matrix', '--principal', 'analyst1'],
      {
        env: { PATH: process.env.PATH, POSTERN_CONFIG_DIR: config },
        encoding: 'utf8',
      },
    );
    expect(matrix).toMatch(/dynamodb_table_orders\s+allowed\s+dynamodb:BatchGetItem/);
    expect(matrix).toMatch(/1 approval\s+dynamodb:PutItem/);
  }, 30_000);

  test('for a catalog leaves out what it cannot have, and says so', async () => {
    const { code, err } = await run(
      'send to the queue jobs in account 123456789012 in eu-central-1',
      ...['name.1=*', 'key.1=no', 'assumedBy=none'].flatMap((answer) => ['--answer', answer]),
      ...['--as-catalog', 'analysts'],
    );
    expect(code).toBe(2);
    expect(err).toContain('is a pattern; a catalog names resources');
  });
});

/** A model that answers these texts, one after the other, over OpenAI's own protocol. */
async function modelOf(answers: readonly (object | string | number)[]) {
  const heard: { input: string; schema: Record<string, unknown> }[] = [];
  let nth = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { input, text } = JSON.parse(body);
      heard.push({ input: input[0].content, schema: text.format.schema });
      const answer = answers[Math.min(nth, answers.length - 1)] ?? '';
      nth += 1;
      if (typeof answer === 'number') {
        response.writeHead(answer).end('{}');
        return;
      }
      const content = typeof answer === 'string' ? answer : JSON.stringify(answer);
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          id: 'resp_1',
          object: 'response',
          status: 'completed',
          model: 'scripted',
          output: [
            {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: content }],
            },
          ],
        }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const env = {
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    OPENAI_MODEL: 'scripted',
  };
  return { env, heard, close: () => server.close() };
}

const PROSE =
  'Read what is in the bucket reports. Account 123456789012, eu-central-1, no role, no keys of our own.';
const ACCESS = {
  service: 's3',
  resourceType: 'object',
  resourceName: 'reports',
  actions: ['s3:GetObject'],
  words: 'Read what is in the bucket reports',
  kmsKey: 'no',
  passedRole: null,
};
const ANSWER = {
  kind: 'policy',
  accesses: [ACCESS],
  account: '123456789012',
  region: 'eu-central-1',
  assumedBy: 'none',
  externalId: null,
  about: [],
};
const withAccess = (change: object) => ({ ...ANSWER, accesses: [{ ...ACCESS, ...change }] });

describe('a model', () => {
  test('is asked for an intent in a schema, and its policy is built by code', async () => {
    const { env, heard, close } = await modelOf([ANSWER]);
    const { code, out } = await runWith(env, PROSE, '--format', 'json');
    close();
    expect(code).toBe(0);
    expect(JSON.parse(out).readBy).toEqual({ model: 'scripted', isOffline: false });
    expect(JSON.parse(heard[0]?.input ?? '').prose).toBe(PROSE);
    expect(JSON.stringify(heard[0]?.schema)).not.toContain('Statement');
  });

  test.each([
    ['an answer off schema', '{"Statement":[]}', 'did not fit its schema'],
    ['no JSON', 'Here is your policy', 'did not fit its schema'],
    [
      'an action that does not exist',
      withAccess({ actions: ['s3:ReadObject'] }),
      's3:ReadObject is no action',
    ],
    ['a wildcard', withAccess({ actions: ['s3:*'] }), 'is not one action'],
    ['another service’s action', withAccess({ actions: ['iam:PassRole'] }), 'no action of s3'],
    ['a kind that does not exist', withAccess({ resourceType: 'folder' }), 'no kind of resource folder'],
    [
      'words that nobody wrote',
      withAccess({ words: 'give it everything' }),
      'has to be copied from the prose',
    ],
    [
      'nearly all of a service',
      withAccess({ actions: Object.keys(data.serviceOf('s3')?.actions ?? {}).map((name) => `s3:${name}`) }),
      'more than a job needs',
    ],
  ])('that gives %s is told what is wrong, and asked again', async (_, wrong, told) => {
    const { env, heard, close } = await modelOf([wrong, ANSWER]);
    const { code } = await runWith(env, PROSE);
    close();
    expect(code).toBe(0);
    expect(heard).toHaveLength(2);
    expect(JSON.parse(heard[1]?.input ?? '').feedback.join()).toContain(told);
  });

  test('that stays wrong is given up after three attempts', async () => {
    const { env, heard, close } = await modelOf([withAccess({ actions: ['s3:*'] })]);
    const { code, out, err } = await runWith(env, PROSE);
    close();
    expect([code, out, heard.length]).toEqual([1, '', 3]);
    expect(err).toContain('in 3 attempts');
  });

  test('that is down is said to be, and nothing is made up in its place', async () => {
    const { env, close } = await modelOf([503]);
    const { code, out, err } = await runWith(env, PROSE);
    close();
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('could not be asked');
  });

  test('that names what nobody wrote has it asked', async () => {
    const { env, close } = await modelOf([
      { ...withAccess({ resourceName: 'payroll' }), account: '999999999999', region: 'us-east-1' },
    ]);
    const { code, out } = await runWith(env, PROSE);
    close();
    expect(code).toBe(3);
    expect(JSON.parse(out).questions.map(({ id }: { id: string }) => id)).toContain('name.1');
    expect(out).not.toContain('payroll');
    expect(out).not.toContain('999999999999');
  });

  test.each(['*', 'reports*', 'r*'])('that widens a name to %s has it asked', async (resourceName) => {
    const { env, close } = await modelOf([withAccess({ resourceName })]);
    const { code } = await runWith(env, PROSE);
    close();
    expect(code).toBe(3);
  });
});

describe('hostile words', () => {
  const hostile =
    'read the bucket reports \u001b[31m*/ process.exit() ${path.module} %{ if true } "}] \u202e # {{x}} <img src=x>';
  const answers = ['key.1=no', 'assumedBy=none'].flatMap((answer) => ['--answer', answer]);

  test.each(['text', 'cdk', 'terraform', 'cloudformation', 'json'])('do nothing in %s', async (format) => {
    const access = { ...ACCESS, words: hostile };
    const { env, close } = await modelOf([
      { ...ANSWER, accesses: [access], account: null, region: null, assumedBy: null },
    ]);
    const { code, out } = await runWith(env, hostile, ...answers, '--format', format);
    close();
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    if (format !== 'json') expect(out).not.toContain('\u202e');
    if (format === 'cdk') expect(out.split('*/')).toHaveLength(2);
    if (format === 'terraform')
      expect(out.split('\n').filter((line) => line.includes('process.exit'))).toEqual([
        expect.stringMatching(/^# /),
      ]);
    expect(out).not.toMatch(/"Resource":\s*\[[^\]]*img/);
  });

  test.each([
    'a"b',
    'a\nb',
    '${aws:username}',
    'a b',
    '../etc',
    `${'a'.repeat(600)}`,
    '*x',
    'arn:aws:s3:::a*b/c',
  ])('a name %j is no name', async (name) => {
    const { code } = await run('read a bucket', '--answer', `name.1=${name}`, ...answers);
    expect(code).toBe(2);
  });

  test('of too many characters are not read', async () => {
    const { code, err } = await run('read the bucket reports '.repeat(400));
    expect(code).toBe(2);
    expect(err).toContain('no more than 4000');
  });
});
