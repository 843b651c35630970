import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runAwsCall } from '../../clients/mcp/run-aws-call.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { checkConfig, checkOwnAccount } from '../../infra/check-config.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { synthesise } from '../../sandbox/template/synthesise.ts';
import { COLLECTED } from '../support/policy/collected-account.ts';
import { runHere } from '../support/run-here.ts';
import { type Line, proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';

/** What the command line writes as entries of a catalog is put into one, and a broker grants by it. */

const folder = mkdtempSync(join(tmpdir(), 'postern-as-catalog-'));
const configDir = join(folder, 'config');
let cloud: Cloud;

type Entry = { key: string; actions: Record<string, string[]> };
const entries = new Map<string, Entry>();

async function iam(...args: readonly string[]): Promise<string> {
  const { code, ...said } = await runHere(['iam', ...args]);
  expect({ code, err: said.err }).toEqual({ code: 0, err: '' });
  return said.out;
}

/** Puts what was written at the ends of the configuration, as whoever wrote it is told to. */
function addToConfig(resources: readonly Entry[], guardrails: string): void {
  const file = join(configDir, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8'));
  catalog.resources.push(...resources);
  writeFileSync(file, JSON.stringify(catalog));
  appendFileSync(join(configDir, 'guardrails.cedar'), `\n${guardrails}\n`);
  for (const entry of resources) entries.set(entry.key, entry);
}

/** Entries for a job that is said in words. */
async function generateEntries(): Promise<void> {
  const answers = ['key.1=no', 'key.2=no', 'assumedBy=none'].flatMap((answer) => ['--answer', answer]);
  const prose = `read the bucket reports and send to the queue jobs in account ${ACCOUNT_ID} in ${REGION}`;
  const draft = JSON.parse(
    await iam('generate', '--offline', prose, ...answers, '--as-catalog', 'analysts', '--format', 'json'),
  );
  expect(draft.leftOut).toEqual([]);
  addToConfig(draft.entries, draft.guardrails);
}

/** Entries for what a role of an account did, by the calls that were seen. */
async function auditEntries(): Promise<void> {
  const { account } = COLLECTED;
  const call = (source: string, name: string, rest: string) => ({
    principal: `arn:aws:iam::${account}:role/writer`,
    ...{ source: `${source}.amazonaws.com`, name, error: '', region: REGION, count: 3 },
    ...{ first: '2026-11-01T00:00:00Z', last: '2026-11-20T00:00:00Z' },
    resources: [`arn:aws:${source}:${REGION}:${account}:${rest}`],
  });
  const seen = [
    call('secretsmanager', 'GetSecretValue', 'secret:db-AbCdEf'),
    call('sqs', 'SendMessage', 'exports'),
  ];
  const file = join(folder, 'account.json');
  const calls = { events: 6, ofOthers: 0, unread: 0, dataEventsOf: [], seen };
  writeFileSync(file, JSON.stringify({ ...COLLECTED, calls }));
  await iam('audit', '--from', file, '--as-catalog', 'writer', '--into', folder);
  const { resources } = JSON.parse(readFileSync(join(folder, 'writer.catalog.json'), 'utf8'));
  // Nobody is in the group until somebody is put there; here another one's name is.
  const rules = readFileSync(join(folder, 'writer.guardrails.cedar'), 'utf8');
  addToConfig(resources, rules.replaceAll('Group::"writer"', 'Group::"analysts"'));
}

/** Proposes all of an entry's actions of the levels that a reason names: `… (key: read)`. */
function proposedFor({ reason }: { reason: string }): Line {
  const [, key = '', level = ''] = /\((\w+): (\w+)\)$/.exec(reason) ?? [];
  return proposing(key, entries.get(key)?.actions[level] ?? []);
}

beforeAll(async () => {
  cpSync('config', configDir, { recursive: true });
  await generateEntries();
  await auditEntries();
  checkConfig(configDir);
  checkOwnAccount(ACCOUNT_ID, configDir);
  cloud = await startCloud({ configDir, template: await synthesise(configDir), bundles: bundles() });
  cloud.reviewer.says(proposedFor);
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.urls.aws);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (key: string, level: string) =>
  (
    await cloud.as('analyst1')('POST', '/requests?wait=20', {
      reason: `The exports of this week have to be looked after (${key}: ${level})`,
    })
  ).body;

const APPROVERS = ['approver1', 'approver2'] as const;
let votes = 0;
/** Approves with a code, of which each counts once. */
async function approve(requestId: string): Promise<void> {
  const who = APPROVERS[votes % 2] ?? 'approver1';
  const timestamp = Date.now() + (Math.floor(votes / 2) - 1) * 30_000;
  votes += 1;
  const call = cloud.as(who);
  const { proposalDigest } = (await call('GET', `/requests/${requestId}/votes`)).body;
  const code = totpOf(cloud.access.stepUp[who] ?? '').generate({ timestamp });
  const ballot = { decision: 'approve', proposalDigest, code };
  expect((await call('POST', `/requests/${requestId}/votes`, ballot)).status).toBe(200);
}

type Session = { accessKeyId: string; secretAccessKey: string; sessionToken: string };
async function claim(requestId: string): Promise<Session> {
  const call = cloud.as('analyst1');
  await until(
    async () => (await call('GET', `/requests/${requestId}`)).body.status,
    (found) => found === 'READY',
  );
  const { status, body } = await call('POST', `/requests/${requestId}/credentials`, {});
  expect([status, body.code]).toEqual([200, undefined]);
  return (body.credentials ?? body) as Session;
}
const use = (session: Session, service: string, operation: string, input: Record<string, unknown>) =>
  runAwsCall(session, { service, operation, input, region: REGION });
const DENIED = { name: expect.stringMatching(/^AccessDenied/) };

test('of words: reading is granted at once, and opens that bucket alone', async () => {
  const { requestId, status } = await ask('s3_reports', 'read');
  expect(status).toBe('READY');
  const session = await claim(String(requestId));
  expect(await use(session, 's3', 'ListObjectsV2', { Bucket: 'reports' })).toMatchObject({
    Contents: [expect.objectContaining({ Key: expect.any(String) })],
  });
  await expect(
    use(session, 's3', 'PutObject', { Bucket: 'reports', Key: 'x', Body: 'x' }),
  ).rejects.toMatchObject(DENIED);
  const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/jobs`;
  await expect(use(session, 'sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' })).rejects.toMatchObject(
    DENIED,
  );
});

test('of words: writing waits for somebody', async () => {
  const { requestId, status } = await ask('sqs_jobs', 'write');
  expect(status).toBe('AWAITING_APPROVAL');
  await approve(String(requestId));
  const session = await claim(String(requestId));
  const urlOf = (name: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`;
  expect(
    await use(session, 'sqs', 'SendMessage', { QueueUrl: urlOf('jobs'), MessageBody: 'x' }),
  ).toHaveProperty('MessageId');
  await expect(
    use(session, 'sqs', 'SendMessage', { QueueUrl: urlOf('exports'), MessageBody: 'x' }),
  ).rejects.toMatchObject(DENIED);
});

test.each([
  ['db_abcdef', 'read', ['secretsmanager', 'GetSecretValue', { SecretId: 'db' }], 'SecretString'],
  [
    'exports',
    'write',
    [
      'sqs',
      'SendMessage',
      { QueueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/exports`, MessageBody: 'x' },
    ],
    'MessageId',
  ],
] as const)(
  'of an audit: %s, to %s, waits for somebody, and then works',
  async (key, level, [service, operation, input], answered) => {
    const { requestId, status } = await ask(key, level);
    expect(status).toBe('AWAITING_APPROVAL');
    await approve(String(requestId));
    const session = await claim(String(requestId));
    expect(await use(session, service, operation, input)).toHaveProperty(answered);
  },
);

test('nobody who is not in the group is granted any of it', async () => {
  const { body } = await cloud.as('employee1')('POST', '/requests?wait=20', {
    reason: 'The exports of this week have to be looked after (s3_reports: read)',
  });
  expect(body.status).toBe('DENIED');
});
