import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { bootSandbox } from '../../sandbox/boot.ts';
import { configWithScratchTable, makeScratchTable } from '../../sandbox/gateway/scratch-table.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { type Captured, findKeys } from './support/find-keys.ts';
import { TOOLS } from './support/find-tools.ts';
import { startWire } from './support/start-wire.ts';

const tools = inject('tools');
const AGENT = 'customer_support_agent';
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');
const ROW = '{"user_id":{"S":"c-1042"}}';

/** All files under a folder, with their text. */
function filesUnder(folder: string): Captured[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => ({ where: `the file ${file}`, text: readFileSync(join(folder, file), 'latin1') }));
}

describe.skipIf(tools.length === 0)('an agent of the demo, with boto3 and the AWS CLI', () => {
  let cloud: Cloud;
  let slack: SlackOfCloud;
  let postern: PosternOfCloud;
  let wire: Awaited<ReturnType<typeof startWire>>;
  let env: Record<string, string>;
  let home: string;
  let discard: () => void;
  const logged: string[] = [];
  const told: string[] = [];

  beforeAll(async () => {
    const config = configWithScratchTable('config');
    discard = config.discard;
    // As the demo has it: its own reviewer, and a template with the role of the table that may be deleted.
    cloud = await startCloud({
      ...{ gatewayPort: 0, configDir: config.configDir, env: {} },
      boot: ({ template: _, ...options } = {}) => bootSandbox(options),
      onLog: ({ functionName, text }) => {
        if (functionName === 'gateway') logged.push(text);
      },
    });
    await makeScratchTable(cloud.aws);
    slack = slackOf(cloud);
    postern = posternOf(cloud);
    wire = await startWire(cloud.urls.gateway ?? '');
    // A home of the agent's own: that of `postern` has the keys of everybody.
    home = mkdtempSync(join(tmpdir(), 'postern-agent-'));
    const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
    writeFileSync(join(home, 'token'), ((await answer.json()) as { token: string }).token);
    env = {
      ...{ PATH: `${process.env.PATH}`, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
      AWS_ROLE_ARN: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
      AWS_ENDPOINT_URL: wire.url,
    };
  });
  afterAll(async () => {
    wire?.close();
    postern?.close();
    await cloud?.close();
    discard?.();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  const asked = new Set<string>();
  /** Presses a button for the next request of the agent's that people are asked about. */
  async function decideNext(button: 'approve' | 'deny'): Promise<void> {
    const found = await until(
      async () => {
        const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
        const { body } = await cloud.as('auditor1')('GET', path);
        return (body.requests as { requestId: string }[]).find(({ requestId }) => !asked.has(requestId));
      },
      (request) => request !== undefined,
    );
    const requestId = found?.requestId ?? '';
    asked.add(requestId);
    await slack.click('U0APPROVER1', await slack.message('#access-approvals', requestId), button);
  }

  /** Runs a program as the agent; what it prints is kept. */
  async function run(file: string, args: readonly string[]) {
    const ran = await postern.other(file, args, env);
    told.push(ran.out, ran.err);
    return ran;
  }
  /** The AWS CLI, telling all that it does, the answers word for word. */
  const aws = (...args: string[]) => run(AWS, [...args, '--debug']);

  /** All that the agent has, and all that it was told. */
  const captured = (): Captured[] => [
    ...Object.entries(env).map(([name, text]) => ({ where: `the variable ${name}`, text })),
    ...filesUnder(home),
    ...told.map((text, index) => ({ where: `output ${index}`, text })),
    { where: 'what it sent', text: wire.sent() },
    { where: 'what it was answered', text: wire.answered() },
    { where: 'the gateway’s log', text: logged.join('\n') },
  ];
  const minted = () => cloud.aws.credentials.all();

  test('plays the demo’s scene with environment variables only', async () => {
    const playing = run(PYTHON, [resolve('test/clients/python/play_gateway.py')]);
    await decideNext('approve');
    await decideNext('approve');
    const { out, err } = await playing;
    expect(err).toBe('');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { call: string; code: string; answer: { Item?: unknown } });
    expect(Object.fromEntries(lines.map(({ call, code }) => [call, code]))).toEqual({
      ...{ who: 'works', 'own row': 'works', 'another row': 'AccessDeniedException' },
      ...{ 'in a batch': 'AccessDeniedException', 'delete table': 'works', profile: 'works' },
      ...{
        'assume role': 'AccessDenied',
        'session token': 'AccessDenied',
        'federation token': 'AccessDenied',
      },
      ...{ 'access key': 'AccessDenied', 'ecr token': 'AccessDeniedException', keys: 'PSTN' },
    });
    expect(lines.find(({ call }) => call === 'profile')?.answer.Item).toMatchObject({
      email: { S: '[masked]' },
    });
    const get = ['dynamodb', 'get-item', '--table-name', 'bank_balances', '--key'];
    expect((await aws(...get, ROW)).code).toBe(0);
    expect((await aws('sts', 'get-caller-identity')).code).toBe(0);
    expect((await aws('ecr', 'get-login-password')).code).not.toBe(0);
    expect((await run(AWS, ['configure', 'list'])).out).toContain('assume-role-with-web-identity');
    const again = aws('dynamodb', 'delete-table', '--table-name', 'support_drafts');
    await decideNext('deny');
    expect((await again).code).not.toBe(0);
  });

  test('has nothing, and was told nothing, that holds a key which AWS would take', () => {
    // Sessions were minted for these calls, and the gateway's and the functions' roles have keys: there is what to find.
    const sessions = minted().filter(({ sessionToken }) => sessionToken !== undefined);
    expect(sessions.length).toBeGreaterThan(10);
    expect(minted().some(({ caller }) => caller.sourceIdentity !== undefined)).toBe(true);
    expect(wire.answered().length).toBeGreaterThan(5000);
    expect(logged.length).toBeGreaterThan(0);
    expect(findKeys(captured(), minted())).toEqual([]);
  });

  test('would be found to have one, wherever it stood and however it was written', () => {
    const [key, other] = minted().filter(({ caller }) => caller.sourceIdentity !== undefined);
    const [first, second] = [key ?? minted()[0], other ?? minted()[1]];
    if (!first?.sessionToken || !second) throw new Error('nothing was minted');
    mkdirSync(join(home, '.aws', 'cache'), { recursive: true });
    writeFileSync(join(home, '.aws', 'cache', 'planted.json'), JSON.stringify({ k: first.secretAccessKey }));
    told.push(Buffer.from(`{"token":"${first.sessionToken}"}`).toString('base64'));
    env.PLANTED = `AWS_ACCESS_KEY_ID=${second.accessKeyId}`;
    told.push('AKIAQQQQQQQQQQQQQQQQ');
    expect(findKeys(captured(), minted())).toEqual([
      `the variable PLANTED: the id of ${second.accessKeyId}`,
      "the variable PLANTED: what looks like a key of AWS's",
      `the file .aws/cache/planted.json: the secret of ${first.accessKeyId}`,
      `output ${told.length - 2}: the token of ${first.accessKeyId}`,
      `output ${told.length - 1}: what looks like a key of AWS's`,
    ]);
  });
});
