import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { shiftDate } from '../../sandbox/functions/shift-date.ts';
import { createMovableClock } from '../../sandbox/movable-clock.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

const AGENT = 'customer_support_agent';
const TABLE = 'support_requests';
const CHANNEL = '#access-approvals';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`;
const RULES = `
@id("new-tickets-need-a-person")
forbid (principal, action == Action::"dynamodb:PutItem", resource)
unless { context.approvals >= 1 };
`;
const MINUTE = 60;

// This process signs too, for the gateway and for the client: it reads the same clock as the functions.
const clock = createMovableClock({ mostAheadMs: 3_600_000 });
let cloud: Cloud;
let slack: SlackOfCloud;
let folder: string;
let restoreDate: () => void;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-late-'));
  restoreDate = shiftDate(clock.aheadMs);
  cloud = await startCloud({
    gatewayPort: 0,
    gatewayRules: RULES,
    clock,
    gatewayTimes: { holdMs: 15_000 },
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 3600 }],
  });
  slack = slackOf(cloud);
  cloud.reviewer.says(proposing(TABLE, ['dynamodb:GetItem', 'dynamodb:PutItem']));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.close();
  restoreDate?.();
  rmSync(folder, { recursive: true, force: true });
});

test('an approval after minute 20 of a token of five minutes still works, over the whole broker', async () => {
  const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
  const { token } = (await answer.json()) as { token: string };
  const { iat = 0, exp = 0 } = decodeJwt(token);
  expect(exp - iat).toBe(5 * MINUTE);
  const file = join(folder, 'token');
  writeFileSync(file, token);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', file);
  vi.stubEnv('AWS_ROLE_ARN', ROLE_ARN);
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.urls.gateway);

  const client = new DynamoDBClient({ maxAttempts: 1 });
  const Item = { user_id: { S: 'c-1042' }, ticket_id: { S: '1' }, subject: { S: 'A card' } };
  const put = () =>
    client.send(new PutItemCommand({ TableName: TABLE, Item })).then(
      () => 'works',
      (error: Error) => error.message,
    );
  const said = put();
  const waiting = await until(
    async () => {
      const path = `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`;
      const { body } = await cloud.as('auditor1')('GET', path);
      return (body.requests as { requestId: string; call?: unknown }[])[0];
    },
    (found) => found?.call !== undefined,
  );
  const requestId = waiting?.requestId ?? '';
  expect(await said).toContain(`(request ${requestId})`);

  clock.pass(20 * MINUTE + 30);
  // The platform's token is long over: nobody comes in with it any more.
  const sts = new STSClient({ maxAttempts: 1 });
  const comesIn = { RoleArn: ROLE_ARN, RoleSessionName: 'late', WebIdentityToken: token };
  await expect(sts.send(new AssumeRoleWithWebIdentityCommand(comesIn))).rejects.toMatchObject({
    name: 'InvalidIdentityTokenException',
  });
  const written = () => cloud.usedCalls().filter(({ action }) => action === 'dynamodb:PutItem').length;
  expect(written()).toBe(0);

  await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
  await until(
    async () => (await cloud.as('auditor1')('GET', `/requests/${requestId}`)).body.status,
    (status) => status === 'ALLOWED',
  );
  expect(await until(put, (outcome) => outcome === 'works')).toBe('works');
  expect(written()).toBe(1);
});
