import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { scenesOf } from '../../demo/demo-scenes.ts';
import { VERSION } from '../../infra/version.ts';
import { apiUrlOf, callerOf, documentsOf } from './support/bank-moves.ts';
import { changeCatalog, setDeployment } from './support/configure.ts';
import { deployedBank } from './support/deployed-bank.ts';
import {
  approve,
  ask,
  askedAbout,
  claim,
  enrolStepUp,
  messageIn,
  proposePolicy,
  REASONS,
  statusOf,
} from './support/open-requests.ts';
import { archiveAt, isArchived, readTable, stackStatusOf } from './support/read-account.ts';
import { eventually } from './support/read-outcome.ts';
import { backUpTable } from './support/restore-table.ts';
import { type Account, DOCUMENTS, startAccount } from './support/start-account.ts';
import { ACCOUNT, REGION } from './support/start-emulator.ts';

/** Long enough that who presses a button in time is never a matter of the machine's speed. */
const TIER_SECONDS = 90;
const APPROVALS = '#access-approvals';
const ONCALL = '#security-oncall';
const CHANNELS = [APPROVALS, ONCALL];

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
    // One of the two who have to agree has voted; the other, with a code, votes for the release that comes.
    const codeOf = await enrolStepUp(account.emulator, 'approver2');
    const change = await proposePolicy(as('admin'), 'analyst1');
    await approve(account.outside, 'U0APPROVER1', await askedAbout(account.outside, CHANNELS, change));

    setDeployment(account.config, { openaiModel: 'another-model' });
    const { status, output } = await account.run('deploy', '--demo', '--yes');
    expect(status, output).toBe(0);
    expect(await stackStatusOf(account.emulator)).toBe('UPDATE_COMPLETE');

    expect((await claim(as('analyst1'), ready)).status).toBe(200);
    const documents = documentsOf(account.emulator, session.body);
    expect(await documents.read(DOCUMENTS.brokered)).toBe(DOCUMENTS.brokered);
    // Asked of the first tier or, where the deployment took its time, of the next, whose message has the buttons.
    await approve(
      account.outside,
      'U0APPROVER2',
      await askedAbout(account.outside, CHANNELS, change),
      codeOf(),
    );
    expect(await statusOf(as('admin'), change, (now) => now !== 'AWAITING_APPROVAL')).toBe('APPLIED');
    await approve(account.outside, 'U0APPROVER2', await askedAbout(account.outside, CHANNELS, waiting));
    expect(await statusOf(as('employee1'), waiting, (now) => now !== 'AWAITING_APPROVAL')).toBe('READY');
    expect((await claim(as('employee1'), waiting)).status).toBe(200);
  });

  test('the audit table, lost and made again from a backup, is joined to its archive', async () => {
    const isIntact = (said: string) => said.includes('as it was written.') && !said.includes('BAD');
    const verify = async () =>
      (await account.runIn({ POSTERN_ARCHIVE_URL: await archiveAt(account.emulator) }, 'audit:verify'))
        .output;
    await eventually(verify, isIntact);
    const restore = await backUpTable(account.emulator, 'postern_audit');
    const restoredTo = new Date().toISOString();
    const since = await ask(as('analyst1'), REASONS.metrics, 'READY');
    expect((await claim(as('analyst1'), since)).status).toBe(200);
    await eventually(verify, isIntact);

    await restore();
    expect(await verify()).toContain('The audit log was tampered with.');
    // What is open while what it asks for changes ends by that, and says so.
    const waiting = await ask(as('employee1'), REASONS.profile, 'AWAITING_APPROVAL');
    changeCatalog(account.config, 'bank_customer_profiles');
    const off = await account.run('deploy', '--demo', '--yes', '--streams-off');
    expect(off.status, off.output).toBe(0);
    const on = await account.run('deploy', '--demo', '--yes', '--allow-widening');
    expect(on.status, on.output).toBe(0);
    const { Table } = await readTable(account.emulator, 'postern_audit');
    expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });

    await approve(account.outside, 'U0APPROVER2', await askedAbout(account.outside, CHANNELS, waiting));
    expect(await statusOf(as('employee1'), waiting, (now) => now !== 'AWAITING_APPROVAL')).toBe('DENIED');
    const { body: denied } = await as('employee1')('GET', `/requests/${waiting}`);
    expect(JSON.stringify(denied)).toContain('config_digest_mismatch');

    const asked = ['--to', restoredTo, '--reason', 'A drill: the audit table was lost.'];
    const looked = await account.run('rejoin', ...asked);
    expect(looked.output).toMatch(/[1-9]\d* records would be put back from the archive/);
    expect(looked.output).toContain('nothing was written');
    const joined = await account.run('rejoin', ...asked, '--yes');
    expect(joined.status, joined.output).toBe(0);
    expect(joined.output).not.toContain('NOT EXPLAINED');
    const after = await ask(as('analyst1'), REASONS.metrics, 'READY');
    expect((await claim(as('analyst1'), after)).status).toBe(200);
    const said = await eventually(verify, (now) => now.includes('as it was written') && now.includes('NOTE'));
    expect(said).not.toContain('BAD');
    // What comes after is archived by the new stream.
    expect(await eventually(() => isArchived(account.emulator, 'analyst1', after), Boolean)).toBe(true);
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
    // The demo's other account is nobody's: it has no deployRole, and no roles.
    expect(output).toContain('account 444455556666: it has no deployRole: its administrator deletes');
    expect(await stackStatusOf(account.emulator)).toBeUndefined();
    const again = await account.run('teardown', '--account', ACCOUNT);
    expect(again.output).not.toMatch(/AWS::(DynamoDB|Logs|SecretsManager|SQS)/);
    expect(again.status, again.output).toBe(0);
  });
});
