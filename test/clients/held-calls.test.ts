import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { TOOLS } from './support/find-tools.ts';

const tools = inject('tools');
const AGENT = 'customer_support_agent';
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');
const TABLE = 'support_requests';
const RULES = `
@id("new-tickets-need-a-person")
forbid (principal, action == Action::"dynamodb:PutItem", resource)
unless { context.approvals >= 1 };
`;

describe.skipIf(tools.length === 0)('a call that people decide about, of clients as they are', () => {
  let cloud: Cloud;
  let slack: SlackOfCloud;
  let postern: PosternOfCloud;
  let env: Record<string, string>;
  beforeAll(async () => {
    cloud = await startCloud({ gatewayPort: 0, gatewayRules: RULES });
    slack = slackOf(cloud);
    postern = posternOf(cloud);
    cloud.reviewer.says(proposing(TABLE, ['dynamodb:GetItem', 'dynamodb:PutItem']));
    const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
    const file = join(postern.home, 'token');
    writeFileSync(file, ((await answer.json()) as { token: string }).token);
    env = {
      ...{ PATH: `${process.env.PATH}`, HOME: postern.home, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_ARN: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
      AWS_ENDPOINT_URL: cloud.urls.gateway ?? '',
    };
  });
  afterAll(async () => {
    postern?.close();
    await cloud?.close();
  });

  const asked = new Set<string>();
  /** The next request that people are asked about. */
  async function nextAsked(): Promise<string> {
    const found = await until(
      async () => {
        const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
        const { body } = await cloud.as('auditor1')('GET', path);
        return (body.requests as { requestId: string }[]).find(({ requestId }) => !asked.has(requestId));
      },
      (request) => request !== undefined,
    );
    asked.add(found?.requestId ?? '');
    return found?.requestId ?? '';
  }
  const press = async (requestId: string, button: 'approve' | 'deny' = 'approve') =>
    slack.click('U0APPROVER1', await slack.message('#access-approvals', requestId), button);
  /** Writes of the ticket that AWS has seen. */
  const written = () => cloud.usedCalls().filter(({ action }) => action === 'dynamodb:PutItem').length;

  test('boto3 with its own settings waits 75 seconds for a person: one write', async () => {
    const came = Date.now();
    const running = postern.other(PYTHON, ['test/clients/python/hold_call.py', '1', 'A card'], env);
    const requestId = await nextAsked();
    await until(
      async () => Date.now() - came,
      (waited) => waited > 75_000,
    );
    await press(requestId);
    expect((await running).out).toBe('works\n');
    expect(written()).toBe(1);
  });

  test('the AWS CLI is let through once, and asks anew for the next', async () => {
    const item = JSON.stringify({ user_id: { S: 'c-1042' }, ticket_id: { S: '2' } });
    const put = () =>
      postern.other(AWS, ['dynamodb', 'put-item', '--table-name', TABLE, '--item', item], env);
    const before = written();
    const first = put();
    await press(await nextAsked());
    expect((await first).code).toBe(0);
    const second = put();
    await press(await nextAsked(), 'deny');
    expect([(await second).code === 0, (await second).err]).toEqual([
      false,
      expect.stringContaining('AccessDeniedException'),
    ]);
    expect(written() - before).toBe(1);
  });

  /** What the agent's newest session of the gateway was refused. */
  async function refused(): Promise<string> {
    const { body } = await cloud.as('auditor1')('GET', `/gateway-sessions?principal=${AGENT}`);
    const [{ sessionId = '' } = {}] = body.sessions as { sessionId?: string }[];
    const listed = await cloud.as('auditor1')('GET', `/gateway-sessions/${sessionId}/calls`);
    return (listed.body.calls as { facts: { because?: string } }[]).map(({ facts }) => facts.because).join();
  }

  test('the SDK for JavaScript is told the request’s id after 50 seconds, and the same call, repeated, passes once', async () => {
    const before = written();
    const running = postern.other(process.execPath, ['test/clients/support/hold-call.ts'], env);
    const requestId = await nextAsked();
    await until(refused, (because) => because.includes(requestId));
    await press(requestId);
    const tries = (await running).out.trim().split('\n');
    expect(tries[0]).toContain(
      `AccessDeniedException People are asked whether this call may be made (request ${requestId})`,
    );
    expect([tries.at(-1), written() - before]).toEqual(['works', 1]);
  });

  test('nothing that the agent has, or was answered, holds a key that AWS would take', () => {
    const seen = [...postern.printed.map(({ text }) => text), ...Object.values(env)].join('\n');
    expect(seen).not.toMatch(/\bA(?:KIA|SIA)[A-Z2-7]{16}\b/);
  });
});
