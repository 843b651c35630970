import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { createMovableClock } from '../../sandbox/movable-clock.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Asked, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const AGENT = 'customer_support_agent';
const TICKETS = 'support_requests';
/** Writing it takes an approval of the access (config/guardrails.cedar). */
const BALANCES = 'bank_balances';
const RULES = `
@id("new-tickets-need-a-person")
forbid (principal, action == Action::"dynamodb:PutItem", resource)
unless { context.approvals >= 1 };
`;

const clock = createMovableClock({ mostAheadMs: 3_600_000 });
let cloud: Cloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  const tier = { timeoutSeconds: 900, channel: '#any' };
  cloud = await startCloud({
    ...{ clock, gatewayPort: 0, gatewayRules: RULES },
    // A call is given up at once: minutes later its client comes again, as after a long wait.
    gatewayTimes: { holdMs: 4000, lookMs: 200 },
    tiers: [
      { ...tier, name: 'access-approvers', approverGroup: 'approvers' },
      { ...tier, name: 'security-oncall', approverGroup: 'security' },
    ],
  });
  postern = posternOf(cloud);
  cloud.reviewer.says(({ reason }: Asked) =>
    reason.includes(BALANCES)
      ? proposing(BALANCES, ['dynamodb:UpdateItem'])
      : proposing(TICKETS, ['dynamodb:PutItem']),
  );
});
afterEach(() => clock.reset());
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

/** The options of a client whose clock is the test's. */
const options = () => ({
  endpoint: cloud.urls.gateway ?? '',
  region: REGION,
  maxAttempts: 1,
  systemClockOffset: clock.now().getTime() - Date.now(),
});

async function platformToken(): Promise<string> {
  const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
  return ((await answer.json()) as { token: string }).token;
}

/** Comes in as SDKs do by themselves. */
async function comeIn(token: string) {
  const client = new STSClient({ ...options(), credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const { Credentials } = await client.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
      RoleSessionName: 'agent',
      WebIdentityToken: token,
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

const tried = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'works',
    (error: Error) => error.message,
  );

const waiting = (call: string) =>
  until(
    async () => {
      const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
      const { body } = await cloud.as('auditor1')('GET', path);
      const requests = body.requests as { requestId: string; call?: { operation: string } }[];
      return requests.find((request) => (request.call?.operation ?? 'access') === call);
    },
    (found) => found !== undefined,
  ).then((found) => found?.requestId ?? '');

async function approve(requestId: string): Promise<void> {
  const code = totpOf(cloud.access.stepUp.approver1 ?? '').generate({ timestamp: clock.now().getTime() });
  const { out, err } = await postern.run('approver1', ['approve', requestId, '--code', code]);
  expect(out, err).toContain(`Your approval of ${requestId} is recorded`);
  // A code is good once.
  clock.pass(31);
}

const used = (action: string) => cloud.usedCalls().filter((call) => call.action === action).length;

test('what is approved after minute 20 of a five-minute platform token still works, and the token opens nothing more', async () => {
  const token = await platformToken();
  const { exp = 0, iat = 0 } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    exp?: number;
    iat?: number;
  };
  expect(exp - iat).toBe(300);
  const credentials = await comeIn(token);
  const client = () => new DynamoDBClient({ ...options(), credentials });
  const write = () =>
    tried(
      client().send(
        new PutItemCommand({
          TableName: TICKETS,
          Item: { user_id: { S: 'c-1042' }, ticket_id: { S: '1' } },
        }),
      ),
    );
  const update = () =>
    tried(
      client().send(
        new UpdateItemCommand({
          TableName: BALANCES,
          Key: { user_id: { S: 'c-1042' } },
          UpdateExpression: 'SET note = :note',
          ExpressionAttributeValues: { ':note': { S: 'late' } },
        }),
      ),
    );

  // Minute 12: the token has long expired. One call waits for people, another for access that people decide about.
  clock.pass(12 * 60);
  expect(await tried(comeIn(token))).toMatch(/token/i);
  expect(await write()).toContain('People are asked');
  const call = await waiting('PutItem');
  expect(await update()).not.toBe('works');
  const access = await waiting('access');
  expect([used('dynamodb:PutItem'), used('dynamodb:UpdateItem')]).toEqual([0, 0]);

  // Minute 21: both are approved, and the calls that are made again pass: the one once, the other as long as it was granted.
  clock.pass(9 * 60);
  await approve(call);
  await approve(access);
  expect(await until(write, (said) => !said.includes('People are asked'))).toBe('works');
  expect(await until(update, (said) => said === 'works')).toBe('works');
  expect(await update()).toBe('works');
  expect(await write()).toContain('People are asked');
  expect([used('dynamodb:PutItem'), used('dynamodb:UpdateItem')]).toEqual([1, 2]);
  expect(await tried(comeIn(token))).toMatch(/token/i);
});
