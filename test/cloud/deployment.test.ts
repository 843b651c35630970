import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { scenesOf } from '../../demo/demo-scenes.ts';
import { VERSION } from '../../infra/version.ts';
import { apiUrlOf, callerOf, documentsOf } from './support/bank-moves.ts';
import { setDeployment } from './support/configure.ts';
import { deployedBank } from './support/deployed-bank.ts';
import { ask, claim, messageIn, REASONS, statusOf } from './support/open-requests.ts';
import { readTable, stackStatusOf } from './support/read-account.ts';
import { eventually } from './support/read-outcome.ts';
import { type Account, DOCUMENTS, startAccount } from './support/start-account.ts';
import { ACCOUNT, REGION } from './support/start-emulator.ts';

/** Long enough that who presses a button in time is never a matter of the machine's speed. */
const TIER_SECONDS = 90;
const APPROVALS = '#access-approvals';
const ONCALL = '#security-oncall';

/** Who of the demo is who in the test's Slack. */
const IN_SLACK = ['analyst1', 'employee1', 'admin', 'approver1', 'approver2'].flatMap((id) => [
  '--slack',
  `${id}=U0${id.toUpperCase()}`,
]);

describe.skipIf(!inject('hasEmulators'))('an account of MiniStack, from empty to gone', () => {
  let account: Account;
  let bank: Awaited<ReturnType<typeof deployedBank>>;
  const as = (id: string) => callerOf(bank.place, id);
  beforeAll(async () => {
    account = await startAccount({ tierSeconds: TIER_SECONDS });
  });
  afterAll(async () => {
    await bank?.close();
    await account?.close();
  });

  test('unattended, what widens permissions is not deployed unless that is agreed to', async () => {
    const { status, output } = await account.run('deploy', '--demo', '--yes');
    expect(output).toContain('--allow-widening agrees');
    expect(status).toBe(1);
    expect(await stackStatusOf(account.emulator)).toBeUndefined();
  });

  test('a first deployment that fails leaves nothing that the next would meet', async () => {
    account.emulator.refuse(['AWS::Pipes::Pipe']);
    const { status, output } = await account.run('deploy', '--demo', '--yes', '--allow-widening');
    expect(output).toContain('AWS::Pipes::Pipe is refused');
    expect(status).toBe(1);
    account.emulator.refuse([]);
    const tables = new DynamoDBClient(account.emulator.root);
    await expect(tables.send(new DescribeTableCommand({ TableName: 'postern_requests' }))).rejects.toThrow(
      /not found/i,
    );
  });

  test('the next one is deployed, every resource of it, and its tables protected', async () => {
    const { status, output } = await account.run('deploy', '--demo', '--yes', '--allow-widening');
    expect(status, output).toBe(0);
    expect(await stackStatusOf(account.emulator)).toBe('UPDATE_COMPLETE');
    const { Table } = await readTable(account.emulator, 'postern_requests');
    expect(Table?.DeletionProtectionEnabled).toBe(true);
    const api = await apiUrlOf(account.emulator);
    const { headers } = await fetch(`${api}/healthz`);
    expect(headers.get('postern-version')).toBe(VERSION);
    account.setSlackUrl(`${api}/slack/events`);
    const filled = await account.run('bootstrap', '--demo', ...IN_SLACK);
    expect(filled.status, filled.output).toBe(0);
    bank = await deployedBank(account.emulator, account.outside, api);
  });

  let silent = '';
  test('the smoke scenes go as they are told, with somebody in Slack', async () => {
    // Asked now, so that its first tier's time is over when its escalation is looked for.
    silent = await ask(
      as('admin'),
      'To explain a decision I need to read the users table.',
      'AWAITING_APPROVAL',
    );
    const { slack } = account.outside;
    const smoke = account.run('smoke:aws');
    const asked = await eventually(
      async () =>
        slack.workspace
          .messagesIn(APPROVALS)
          .find(({ blocks }) => JSON.stringify(blocks).includes('employee1-')),
      (message) => message !== undefined,
    );
    if (asked) await slack.click('U0APPROVER1', asked, 'approve');
    const { status, output } = await smoke;
    expect(status, output).toBe(0);
  });

  test("the demo's scenes go as they are told, through the deployed API", async () => {
    const told: Record<string, string> = {};
    const happened: Record<string, string> = {};
    for (const [index, { what, expected, run }] of scenesOf(bank.place).entries()) {
      told[`${index} ${what}`] = expected;
      happened[`${index} ${what}`] = await run();
    }
    expect(happened).toEqual(told);
  });

  test('a session reads the folder that it was granted in S3, and nothing beside it', async () => {
    const { status, body } = await claim(
      as('analyst1'),
      await ask(as('analyst1'), REASONS.statements, 'READY'),
    );
    expect(status).toBe(200);
    const documents = documentsOf(account.emulator, body);
    expect(await documents.read(DOCUMENTS.brokered)).toBe(DOCUMENTS.brokered);
    expect(await documents.read(DOCUMENTS.other)).toBe('archive bucket: 403');
  });

  test('what nobody answers in time is asked of the next tier, which answers', async () => {
    const message = await messageIn(account.outside, ONCALL, silent);
    await account.outside.slack.click('U0APPROVER2', message, 'approve');
    expect(await statusOf(as('admin'), silent, (status) => status === 'READY')).toBe('READY');
  });

  test('an execution that is stopped closes its request, and so does its requester', async () => {
    const stopped = await ask(as('analyst1'), REASONS.metrics, 'READY');
    const states = new SFNClient(account.emulator.root);
    await states.send(
      new StopExecutionCommand({
        executionArn: `arn:aws:states:${REGION}:${ACCOUNT}:execution:access-request:${stopped}`,
        error: 'Operator',
      }),
    );
    expect(await statusOf(as('analyst1'), stopped, (status) => status !== 'READY')).toBe('FAILED');
    const cancelled = await ask(as('analyst1'), REASONS.metrics, 'READY');
    await as('analyst1')('POST', `/requests/${cancelled}/cancel`, {});
    expect(await statusOf(as('analyst1'), cancelled, (status) => status !== 'READY')).toBe('CANCELLED');
  });

  test('what is open at a second deployment goes on after it', async () => {
    const ready = await ask(as('analyst1'), REASONS.metrics, 'READY');
    const waiting = await ask(as('employee1'), REASONS.profile, 'AWAITING_APPROVAL');
    const session = await claim(as('analyst1'), await ask(as('analyst1'), REASONS.statements, 'READY'));

    setDeployment(account.config, { openaiModel: 'another-model' });
    const { status, output } = await account.run('deploy', '--demo', '--yes');
    expect(status, output).toBe(0);
    expect(await stackStatusOf(account.emulator)).toBe('UPDATE_COMPLETE');

    expect((await claim(as('analyst1'), ready)).status).toBe(200);
    const documents = documentsOf(account.emulator, session.body);
    expect(await documents.read(DOCUMENTS.brokered)).toBe(DOCUMENTS.brokered);
    // Asked of the first tier or, where the deployment took its time, of the next, whose message has the buttons.
    const { slack } = account.outside;
    const message = await eventually(
      async () =>
        [...slack.workspace.messagesIn(APPROVALS), ...slack.workspace.messagesIn(ONCALL)].findLast(
          ({ blocks }) => [waiting, '"approve"'].every((text) => JSON.stringify(blocks).includes(text)),
        ),
      (found) => found !== undefined,
    );
    if (message) await slack.click('U0APPROVER2', message, 'approve');
    expect(await statusOf(as('employee1'), waiting, (now) => now !== 'AWAITING_APPROVAL')).toBe('READY');
    expect((await claim(as('employee1'), waiting)).status).toBe(200);
  });

  test('no function was refused anything by IAM that it needs', () => {
    const refused = account.emulator
      .log()
      .split('\n')
      .filter((line) => line.startsWith('DENIED') && line.includes('assumed-role/postern-'))
      // Sessions that the broker issued are refused what the scenes try.
      .filter((line) => !line.includes('assumed-role/postern-brokered-'));
    expect(refused).toEqual([]);
  });

  test('a teardown removes it, but for the archive and its keys, and the next deployment would meet nothing', async () => {
    const { status, output } = await account.run('teardown', '--account', ACCOUNT);
    expect(status, output).toBe(0);
    expect(output).toContain('Kept, with the audit archive in it:');
    expect(await stackStatusOf(account.emulator)).toBeUndefined();
    const again = await account.run('teardown', '--account', ACCOUNT);
    expect(again.output).not.toMatch(/AWS::(DynamoDB|Logs|SecretsManager|SQS)/);
    expect(again.status, again.output).toBe(0);
  });
});
