import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { statesError } from '../../sandbox/states/states-error.ts';
import { type PaymentsReport, paymentsReportOf } from '../support/payments-report.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles, template } from '../support/template.ts';
import { withPaymentsReport } from '../support/with-payments-report.ts';

const CHANNEL = '#any';
const REASON = 'The weekly report needs the failed payments of this week.';

let cloud: Cloud;
let slack: SlackOfCloud;
let report: PaymentsReport;
beforeAll(async () => {
  cloud = await startCloud({
    template: withPaymentsReport(template()),
    bundles: bundles(),
    tiers: [{ name: 'access-approvers', channel: CHANNEL, approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  slack = slackOf(cloud);
  report = await paymentsReportOf(cloud);
});
afterAll(() =>
  cloud.close([
    // A token of the broker's own machine: that this is refused is what is tried.
    `deliver-callback: states:SendTaskSuccess on ${cloud.machineArn}`,
  ]),
);

const metrics = (more: Record<string, unknown> = {}) =>
  proposing('bank_operational_metrics', ['dynamodb:Query'], more);
/** A risk at which a person is asked; the duration keeps requests from sharing a message. */
const askingPeople = () => metrics({ risk: 'high', durationSeconds: slack.ownDuration() });
beforeEach(() => cloud.reviewer.says(metrics()));

/** The newest request of the example's principal, once it stands like this. */
async function request(status: string) {
  const found = await until(
    async () => {
      const { body } = await report.call('GET', '/requests');
      const [newest] = body.requests as { requestId: string; status: string }[];
      return newest;
    },
    (newest) => newest?.status === status,
  );
  return found?.requestId ?? '';
}

const callbackOf = async (requestId: string) =>
  (await report.call('GET', `/requests/${requestId}`)).body.callback as { status: string } | undefined;

/** How a callback ended, once it did. */
const settled = async (requestId: string) =>
  (
    await until(
      () => callbackOf(requestId),
      (callback) => callback?.status !== 'awaited',
    )
  )?.status;

async function allTables(): Promise<string> {
  const rows = await Promise.all(
    cloud.template.tables.map(async ({ name }) => cloud.database.send(new ScanCommand({ TableName: name }))),
  );
  return JSON.stringify(rows.map(({ Items }) => Items));
}

test('a workflow waits on the broker, is told, and reads with the access: no secret is in its history', async () => {
  const execution = await report.start(REASON);
  expect(await report.endOf(execution)).toEqual({
    status: 'SUCCEEDED',
    output: {
      reason: REASON,
      access: { requestId: expect.any(String), status: 'READY' },
      report: { days: 3, failed: expect.any(Number) },
    },
  });
  const requestId = await request('ISSUED');
  expect(await settled(requestId)).toBe('delivered');
  const history = JSON.stringify(await report.historyOf(execution));
  expect(history).toContain('ReadWithAccess');
  expect(history).not.toMatch(/ASIA[A-Z0-9]{16}|secretAccessKey|sessionToken|"sealed"/);
});

test('a person agrees first; the token is in nobody else’s hands, and in no place once it is used', async () => {
  cloud.reviewer.says(askingPeople());
  const execution = await report.start(REASON);
  const requestId = await request('AWAITING_APPROVAL');
  expect(await callbackOf(requestId)).toEqual({ status: 'awaited' });
  const token = await report.tokenOf(execution);
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_callbacks', Key: { key: `token#${requestId}` } }),
  );
  expect(Item?.taskToken).toBe(token);
  await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
  expect((await report.endOf(execution)).output.report).toMatchObject({ days: 3 });
  expect(await settled(requestId)).toBe('delivered');
  const places = {
    tables: await until(allTables, (text) => !text.includes(token)),
    histories: JSON.stringify(await cloud.historyOf(requestId)),
    logs: cloud.logs.text(),
    slack: JSON.stringify(slack.workspace.messagesIn(CHANNEL)),
    answers: JSON.stringify(await report.call('GET', `/requests/${requestId}`)),
  };
  for (const [place, text] of Object.entries(places)) {
    expect([place, text.length > 100, text.includes(token)]).toEqual([place, true, false]);
  }
});

test('a denial fails the task by its name, and the workflow goes its other way', async () => {
  cloud.reviewer.says(metrics({ approved: false }));
  const execution = await report.start(REASON);
  const { status, output } = await report.endOf(execution);
  const requestId = await request('DENIED');
  expect([status, output.report]).toEqual(['SUCCEEDED', { days: 0 }]);
  expect(output.refusal).toEqual({
    Error: 'PosternDenied',
    Cause: JSON.stringify({ requestId, status: 'DENIED' }),
  });
});

test('so does a request that is taken back', async () => {
  cloud.reviewer.says(askingPeople());
  const execution = await report.start(REASON);
  const requestId = await request('AWAITING_APPROVAL');
  await report.call('POST', `/requests/${requestId}/cancel`);
  expect((await report.endOf(execution)).output.refusal).toMatchObject({ Error: 'PosternCancelled' });
});

test("a token of a machine that is not on the list, the broker's own among them, ends nothing", async () => {
  const analyst = cloud.as('analyst1');
  const waiting = String((await analyst('POST', '/requests?wait=20', { reason: REASON })).body.requestId);
  const { Item } = await cloud.database.send(
    new GetCommand({ TableName: 'postern_requests', Key: { requestId: waiting } }),
  );
  const callback = { taskToken: Item?.claimToken };
  const { body } = await analyst('POST', '/requests', { reason: REASON, callback });
  const told = await until(
    async () => (await analyst('GET', `/requests/${body.requestId}`)).body.callback,
    (view) => (view as { status: string }).status !== 'awaited',
  );
  expect(told).toMatchObject({ status: 'refused' });
  const { body: still } = await analyst('GET', `/requests/${waiting}`);
  expect(still.status).toBe('READY');
  // It refuses a token once: the event is not tried again, and the token is not kept.
  expect(await allTables()).not.toContain(`"key":"token#${body.requestId}"`);
  const claimed = await analyst('POST', `/requests/${waiting}/credentials`, {});
  expect(claimed.status).toBe(200);
});

test('Step Functions does not answer: it is tried again, and told once', async () => {
  const real = cloud.states.handle;
  let failures = 0;
  const spied = vi.spyOn(cloud.states, 'handle').mockImplementation(async (call) => {
    if (failures < 2 && String(call.input.output).includes('"READY"')) {
      failures += 1;
      throw statesError('ServiceUnavailable', 'not now');
    }
    return real(call);
  });
  const execution = await report.start(REASON);
  expect((await report.endOf(execution)).output.report).toMatchObject({ days: 3 });
  spied.mockRestore();
  expect(failures).toBe(2);
});

test('an event that comes twice, or after the end, changes nothing', async () => {
  const execution = await report.start(REASON);
  const before = await report.endOf(execution);
  const requestId = await request('ISSUED');
  expect(await settled(requestId)).toBe('delivered');
  const event = { 'detail-type': 'Request status', detail: { requestId } };
  await until(
    () => cloud.invoke('postern-deliver-callback', event),
    (answer) => (answer as { settlement: string }).settlement === 'none',
  );
  expect(await report.endOf(execution)).toEqual(before);
  const ended = (await report.historyOf(execution)).filter(({ type }) => type === 'TaskSucceeded');
  expect(ended).toHaveLength(1);
});

test('a task that is over before it is told is noted as such', async () => {
  cloud.reviewer.says(askingPeople());
  const execution = await report.start(REASON);
  const requestId = await request('AWAITING_APPROVAL');
  const token = await report.tokenOf(execution);
  await cloud.states.handle({
    operation: 'SendTaskFailure',
    input: { taskToken: token, error: 'PosternCancelled', cause: '{}' },
  });
  await report.endOf(execution);
  await slack.click('U0APPROVER1', await slack.message(CHANNEL, requestId), 'approve');
  expect(await settled(requestId)).toBe('gone');
});

test('the same request with a newer token is told by that one, though it is decided already', async () => {
  const idempotency = { 'idempotency-key': 'asked-by-a-task-that-is-retried' };
  const execution = await report.start(REASON);
  const token = await report.tokenOf(execution);
  await report.endOf(execution);
  const ask = (taskToken: string) =>
    report.call('POST', '/requests?wait=20', { reason: REASON, callback: { taskToken } }, idempotency);
  const { body } = await ask(token);
  expect(await settled(String(body.requestId))).toBe('gone');
  cloud.reviewer.says(askingPeople());
  const next = await report.start(REASON);
  await request('AWAITING_APPROVAL');
  const { body: again } = await ask(await report.tokenOf(next));
  expect(again.requestId).toBe(body.requestId);
  expect((await report.endOf(next)).output.access).toEqual({ requestId: body.requestId, status: 'READY' });
});
