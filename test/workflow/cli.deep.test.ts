import { existsSync } from 'node:fs';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { posternProgram } from '../support/postern-program.ts';
import { type PosternOfCloud, posternOf, type Ran } from '../support/run-postern.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { proposingProfile, type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const CHANNEL = '#access-approvals';
const METRICS = 'The weekly report needs the operational metrics of this week.';
const PROFILE = 'I need the profile of a customer for the case at hand.';
const AWS = ['/usr/bin/aws', '/usr/local/bin/aws', '/opt/homebrew/bin/aws'].find((path) => existsSync(path));
const QUERY = [
  ...['dynamodb', 'query', '--table-name', 'bank_operational_metrics', '--region', REGION],
  ...['--key-condition-expression', 'metric = :m'],
  ...['--expression-attribute-values', '{":m":{"S":"payments_failed"}}', '--output', 'json'],
];

let cloud: Cloud;
let slack: SlackOfCloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  slack = slackOf(cloud);
  postern = posternOf(cloud);
  cloud.reviewer.says(proposedTo);
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

function proposedTo({ principal, change }: Asked): Line {
  if (change) {
    const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
    return { text: { ...judged, reason: 'A person should look.' } };
  }
  if (principal.id === 'employee1') return proposingProfile(slack);
  if (principal.id === 'admin') return { text: { ...refusal, reason: 'It fits no rule.' } };
  return proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query']);
}
const refusal = { approved: false, grants: [], durationSeconds: 900, risk: 'low', authorization: 'unclear' };

/** Sets a process's clock ten minutes ahead. */
const CLOCK_AHEAD = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  const now = () => Real.now() + 600_000;
  globalThis.Date = class extends Real {
    static now = now;
    constructor(...at) { super(...(at.length > 0 ? at : [now()])); }
  };`)}`;

type Answer = { requestId: string; status: string };
const json = ({ out }: Ran) => JSON.parse(out) as Answer;
/** What no error may show. */
const isPlain = ({ err }: Ran) => !/\n\s+at |node:internal/.test(err);

describe.concurrent('postern', () => {
  test('request, status, claim; a second claim is refused in a line', async () => {
    const asked = await postern.run('analyst1', ['request', '--reason', METRICS, '--json']);
    expect([asked.code, json(asked).status]).toEqual([0, 'READY']);
    const { requestId } = json(asked);
    const status = await postern.run('analyst1', ['status', requestId]);
    expect(status.out).toContain(`next    postern claim ${requestId}`);
    const claimed = await postern.run('analyst1', ['claim', requestId]);
    expect(claimed.out).toMatch(/^export AWS_ACCESS_KEY_ID='ASIA/);
    const again = await postern.run('analyst1', ['claim', requestId]);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^postern: /);
    expect(isPlain(again)).toBe(true);
    const listed = await postern.run('analyst1', ['status']);
    expect(listed.out).toContain(requestId);
  });

  test('denied: 3, and why, for people and for scripts', async () => {
    const denied = await postern.run('admin', ['exec', '--reason', METRICS, '--', 'true']);
    expect(denied.code).toBe(3);
    expect(denied.err).toContain('because review_not_approved');
    const asJson = await postern.run('admin', ['exec', '--json', '--reason', METRICS, '--', 'true']);
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: 'request_denied' } });
    const asked = await postern.run('admin', ['request', '--reason', METRICS]);
    expect(asked.code).toBe(3);
  });

  test('a dry run says what would be decided', async () => {
    const dry = await postern.run('analyst1', ['request', '--dry-run', '--reason', METRICS]);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('dry run: grant');
    expect(dry.out).toContain('Query on bank_operational_metrics');
  });

  test('a human who does not answer in time: 4, and the request stands; approved, it is claimed', async () => {
    const waited = await postern.run('employee1', ['exec', '-t', '10', '--reason', PROFILE, '--', 'true']);
    expect(waited.code).toBe(4);
    // A busy machine may still be at the review by then.
    expect(waited.err).toMatch(/Nobody has decided yet\.|It is still being reviewed\./);
    const [, requestId = ''] = /request (employee1-\S+)/.exec(waited.err) ?? [];
    await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
    await slack.ended(requestId);
    const claimed = await postern.run('employee1', ['claim', requestId, '--json']);
    expect(json(claimed)).toMatchObject({ requestId, accessKeyId: expect.stringMatching(/^ASIA/) });
  });

  test('cancel', async () => {
    const reason = `${PROFILE} It is not urgent.`;
    const asked = await postern.run('employee1', ['request', '--no-wait', '--json', '--reason', reason]);
    expect(asked.code).toBe(0);
    const { requestId } = json(asked);
    const cancelled = await postern.run('employee1', ['cancel', requestId]);
    expect(cancelled.out).toContain('CANCELLED');
    const claimed = await postern.run('employee1', ['claim', requestId]);
    expect(claimed.code).toBe(1);
  });

  test('expired: 5', async () => {
    const { requestId } = json(await postern.run('analyst1', ['request', '--json', '--reason', METRICS]));
    // As a claim that came too late finds it.
    await cloud.database.send(
      new UpdateCommand({
        TableName: 'postern_requests',
        Key: { requestId },
        UpdateExpression: 'SET #status = :expired REMOVE claimToken, #open',
        ExpressionAttributeNames: { '#status': 'status', '#open': 'open' },
        ExpressionAttributeValues: { ':expired': 'EXPIRED' },
      }),
    );
    const claimed = await postern.run('analyst1', ['claim', requestId]);
    expect([claimed.code, isPlain(claimed)]).toEqual([5, true]);
    expect(claimed.err).toContain('A grant that nobody claims lapses.');
    expect((await postern.run('analyst1', ['status', requestId])).out).toContain('EXPIRED');
  });

  test('a reader that goes away, as head does, is no error', async () => {
    const [shell, ...args] = ['/bin/sh', '-c', `"${process.execPath}" ${posternProgram()} --help | head -1`];
    const ran = await postern.other(shell ?? '', args, { PATH: process.env.PATH });
    expect([ran.err, ran.out]).toEqual(['', 'Usage: postern [options] [command]\n']);
  });

  test('exec: the session is in the child’s environment, and the child’s exit code is the command’s', async () => {
    const script = `
      const { AWS_ACCESS_KEY_ID, AWS_REGION, AWS_DEFAULT_REGION, ...env } = process.env;
      const others = ['AWS_PROFILE', 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'];
      const said = [AWS_ACCESS_KEY_ID.slice(0, 4), AWS_REGION, AWS_DEFAULT_REGION, ...others.filter((name) => env[name])];
      process.stdout.write(said.join(' '));
      process.exit(7);`;
    const ran = await postern.runApart(
      'analyst1',
      ['--region', REGION, 'exec', '--reason', METRICS, '--', process.execPath, '-e', script],
      {
        AWS_PROFILE: '',
        AWS_REGION: '',
        AWS_DEFAULT_REGION: 'us-east-1',
      },
    );
    expect([ran.code, ran.out]).toEqual([7, `ASIA ${REGION} ${REGION}`]);
    // The id is told at once, and nothing else.
    expect(ran.err).toMatch(/^(postern: analyst1-\S+: being reviewed …\n)+$/);
    const missing = await postern.runApart('analyst1', [
      'exec',
      '--reason',
      METRICS,
      '--',
      'no-such-command',
    ]);
    expect(missing.code).toBe(1);
    expect(missing.err.trimEnd().split('\n').at(-1)).toBe('postern: there is no command no-such-command');
  });

  test.skipIf(!AWS && process.env.CI !== 'true')(
    'the AWS CLI reads a table by a profile whose credential_process is postern',
    async () => {
      const config = join(postern.home, 'aws-config');
      const command = `${process.execPath} ${posternProgram()} --profile agent credential-process --reason "${METRICS}"`;
      await writeFile(config, `[profile bank]\ncredential_process = ${command}\nregion = ${REGION}\n`);
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...env } = postern.environmentOf('analyst1');
      // The profile's process signs with the agent's own identity, from a profile of its own.
      const credentials = join(postern.home, 'aws-credentials');
      await writeFile(
        credentials,
        `[agent]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}\n`,
        { mode: 0o600 },
      );
      const read = () =>
        postern.other(AWS ?? 'aws', ['--profile', 'bank', '--endpoint-url', cloud.urls.aws, ...QUERY], {
          ...env,
          AWS_CONFIG_FILE: config,
          AWS_SHARED_CREDENTIALS_FILE: credentials,
          XDG_CACHE_HOME: join(postern.home, 'cache'),
          // As a user's environment may be: the line names another profile than this.
          AWS_PROFILE: 'bank',
        });
      const first = await read();
      expect(first.err).toBe('');
      expect(JSON.parse(first.out).Count).toBeGreaterThan(0);
      const folder = join(postern.home, 'cache', 'postern');
      const [kept = ''] = await readdir(folder);
      expect((await stat(join(folder, kept))).mode & 0o777).toBe(0o600);
      // The kept session serves the next command: no second request.
      const before = (await cloud.as('analyst1')('GET', '/requests')).body.requests as unknown[];
      expect((await read()).code).toBe(0);
      const after = (await cloud.as('analyst1')('GET', '/requests')).body.requests as unknown[];
      expect(after.length - before.length).toBeLessThan(2);
      await chmod(join(folder, kept), 0o644);
      const exposed = await postern.run('analyst1', ['credential-process', '--reason', METRICS], {
        XDG_CACHE_HOME: join(postern.home, 'cache'),
      });
      expect(exposed.code).toBe(1);
      expect(exposed.err).toMatch(/is not a file that only you can read; remove it/);
    },
    // Python and Node start six times.
    60_000,
  );

  test('serve: an AWS SDK takes the session from loopback, with its token', async () => {
    const child = postern.start('analyst1', ['serve', '--json', '--reason', METRICS]);
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await new Promise<string[]>((done) => lines.once('line', (text) => done([text])))) as [
      string,
    ];
    const environment = JSON.parse(line) as Record<string, string>;
    const script = `
      import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
      const client = new DynamoDBClient({ region: '${REGION}', endpoint: '${cloud.urls.aws}' });
      const { Count } = await client.send(new QueryCommand(${JSON.stringify({
        TableName: 'bank_operational_metrics',
        KeyConditionExpression: 'metric = :m',
        ExpressionAttributeValues: { ':m': { S: 'payments_failed' } },
      })}));
      process.stdout.write(String(Count > 0));`;
    const ran = await postern.other(process.execPath, ['--input-type=module', '-e', script], {
      PATH: process.env.PATH,
      HOME: postern.home,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    });
    expect([ran.err, ran.out]).toEqual(['', 'true']);
    child.kill('SIGINT');
    const [code] = await new Promise<[number | null]>((done) =>
      child.once('close', (with_) => done([with_])),
    );
    expect(code).toBe(0);
  });

  test('console: a URL that signs in, once it is asked for', async () => {
    const { code, out, err } = await postern.run('analyst1', ['console', '--reason', METRICS]);
    expect(code).toBe(0);
    const destination = new URL(out.trim()).searchParams.get('Destination');
    expect(destination).toMatch(/^https:\/\/eu-central-1\.console\..*table=bank_operational_metrics$/);
    expect(err).toContain('The session ends at');
    const page = await (await fetch(out.trim())).text();
    expect(page).toContain('bank_operational_metrics');
  });

  test('console: goes to the sign-in endpoint by the proxy that the environment names', async () => {
    const asked: string[] = [];
    const proxy = createServer(async (request, response) => {
      const { pathname, search } = new URL(request.url ?? '');
      asked.push(pathname);
      const answer = await fetch(`${cloud.urls.console}${pathname}${search}`);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const { port } = proxy.address() as AddressInfo;
    const { code, out } = await postern.run('analyst1', ['console', '--reason', METRICS], {
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      // A name that only the proxy resolves.
      POSTERN_FEDERATION_ENDPOINT: 'http://signin.corp.example/federation',
    });
    proxy.close();
    expect([code, asked]).toEqual([0, ['/federation']]);
    expect(out).toContain('SigninToken=');
  });

  test('revoke: the session is denied on its next call', async () => {
    const asked = json(await postern.run('analyst1', ['request', '--json', '--reason', METRICS])) as {
      requestId: string;
    };
    const { out } = await postern.run('analyst1', ['claim', '--json', asked.requestId]);
    const { expiration: _, ...session } = JSON.parse(out) as {
      expiration: string;
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken: string;
    };
    const client = new DynamoDBClient({
      region: REGION,
      endpoint: cloud.urls.aws,
      credentials: session,
      maxAttempts: 1,
    });
    const query = () =>
      client.send(
        new QueryCommand({
          TableName: 'bank_operational_metrics',
          KeyConditionExpression: 'metric = :m',
          ExpressionAttributeValues: { ':m': { S: 'payments_failed' } },
        }),
      );
    await query();
    const revoked = await postern.run('analyst1', ['revoke', asked.requestId]);
    expect([revoked.code, revoked.out]).toEqual([0, `${asked.requestId} is revoked.\n`]);
    await expect(query()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    client.destroy();
    const again = await postern.run('analyst1', ['revoke', asked.requestId]);
    expect([again.code, isPlain(again)]).toEqual([1, true]);
  });

  test('catalog, whoami, policy get', async () => {
    const catalog = await postern.run('analyst1', ['catalog']);
    expect(catalog.out).toMatch(/^bank_operational_metrics {2}/);
    const who = await postern.run('analyst1', ['whoami', '--json']);
    expect(json(who)).toMatchObject({ principal: 'analyst1', region: REGION });
    const policy = await postern.run('employee1', ['policy', 'get', 'employee1']);
    expect(policy.out).toContain('Works in the branch.');
    const others = await postern.run('employee1', ['policy', 'get', 'analyst1']);
    expect(others.err).toContain('auditors');
    for (const reader of ['auditor1', 'admin'])
      expect((await postern.run(reader, ['policy', 'get', 'analyst1'])).code).toBe(0);
  });

  test.each([
    [['catalog'], 'principal'],
    [['status'], 'requests'],
    [['whoami'], 'principal'],
    [['doctor'], 'findings'],
    [['policy', 'get', 'analyst1'], 'text'],
    [['console', '--reason', METRICS], 'consoleUrl'],
    [['request', '--dry-run', '--reason', METRICS], 'decision'],
  ])('--json: %j prints one line of it', async (args, member) => {
    const { out } = await postern.run('analyst1', [...args, '--json']);
    expect(out.trimEnd()).not.toContain('\n');
    expect(JSON.parse(out)).toHaveProperty(member);
  });

  test('policy set is a request for a change, which people approve', async () => {
    const file = join(postern.home, 'policy.txt');
    await writeFile(file, 'Analysts read operational metrics, daily.');
    const args = ['policy', 'set', 'analyst1', '-f', file, '-r', 'Analysts report daily now.'];
    const proposed = await postern.run('admin', [...args, '--no-wait', '--json']);
    expect([proposed.code, json(proposed).status]).toEqual([0, 'AWAITING_APPROVAL']);
  });

  test('doctor: finds what an agent’s set-up should not have', async () => {
    const { code, out } = await postern.run('analyst1', ['doctor']);
    expect([code, out.includes('✗')]).toEqual([0, false]);
    expect(out).toContain('✓ the key in the environment is the sandbox’s own');
    expect(out).toContain('✓ the clock is right');
    expect(out).toContain('✓ the broker knows you as analyst1');
    expect(out).toContain('✓ the identity that asks may not call iam:ListRoles by itself');
    expect(out).toContain('What only you can see:');
  });

  test('doctor --host: asks nobody, and says what signs here', async () => {
    const env = { POSTERN_API: 'http://127.0.0.1:1/api', AWS_LAMBDA_FUNCTION_NAME: 'agent' };
    const { out } = await postern.run('analyst1', ['doctor', '--host'], env);
    expect(out).toContain('✓ the role of the Lambda function signs here');
    expect(out).not.toContain('What only you can see:');
  });

  test.each([
    ['no broker named', ['whoami'], { POSTERN_API: '' }, 2, /^postern: Say where the broker is/],
    ['an address that is none', ['whoami'], { POSTERN_API: 'broker' }, 2, /"broker" is not the address/],
    ['nobody listens', ['whoami'], { POSTERN_API: 'http://127.0.0.1:1/api' }, 1, /cannot be reached/],
    ['an unknown command', ['grant-me'], {}, 2, /unknown command/],
    ['no reason', ['exec', '--', 'true'], {}, 2, /with --reason, or name a job/],
    ['a reason too short', ['request', '-r', 'please'], {}, 2, /reason/],
    ['a duration that is none', ['request', '-r', METRICS, '-d', 'long'], {}, 2, /whole number of seconds/],
    ['a port that is none', ['mcp', '--http', '70000'], {}, 2, /port number/],
    ['a request there is not', ['status', 'nobody-01K'], {}, 1, /only its requester can see a request/],
  ])('%s: said in a line, with its exit code', async (_, args, env, code, words) => {
    const ran = await postern.run('analyst1', args, env);
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(words)]);
    expect(isPlain(ran)).toBe(true);
  });

  test.each([
    [
      'no credentials',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      /no AWS credentials to sign with/,
    ],
    ['a wrong key', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /that the credentials are current/],
    [
      'a clock that is off',
      { NODE_OPTIONS: `--import ${CLOCK_AHEAD}` },
      /clock is \d+ s ahead of the broker's/,
    ],
    ['another region', { AWS_REGION: 'us-east-1' }, /Check the region/],
  ])('%s, in a process of its own: said in a line', async (_, env, words) => {
    const ran = await postern.runApart('analyst1', ['whoami'], env);
    expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(words)]);
    expect(isPlain(ran)).toBe(true);
  });
});

test('only claim, credential-process, serve and the child’s environment carry secrets', () => {
  const carriers = new Set(['claim', 'credential-process', 'serve', AWS, process.execPath]);
  const texts = postern.printed.filter(({ command }) => !carriers.has(command));
  const claimed = postern.printed
    .filter(({ command }) => command === 'claim')
    .map(({ text }) => text)
    .join('\n');
  const secrets = [
    ...[...claimed.matchAll(/(?:SECRET_ACCESS_KEY|SESSION_TOKEN)='([^']+)'/g)].map(
      ([, secret]) => secret ?? '',
    ),
    ...[...claimed.matchAll(/"(?:secretAccessKey|sessionToken)":"([^"]+)"/g)].map(
      ([, secret]) => secret ?? '',
    ),
    ...Object.values(cloud.access.principals).map(({ secretAccessKey }) => secretAccessKey),
  ];
  expect(secrets.length).toBeGreaterThan(10);
  expect(texts.length).toBeGreaterThan(20);
  for (const { command, text } of texts) {
    expect([command, secrets.filter((secret) => text.includes(secret))]).toEqual([command, []]);
    expect([command, /secretAccessKey|SECRET_ACCESS_KEY/.test(text)]).toEqual([command, false]);
  }
});
