import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compareUsage } from '../../../clients/audit/compare-usage.ts';
import { findCloudTrail } from '../../../clients/audit/find-cloudtrail.ts';
import { makeFindResources } from '../../../clients/audit/find-resources.ts';
import { sayUsage } from '../../../clients/audit/say-usage.ts';
import { callsInCloudTrailFiles } from '../../../lambdas/shared/adapters/audit/cloudtrail-files.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import type { AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { usedCallOf } from '../../../lambdas/shared/domain/audit/cloudtrail-event.ts';
import type { UsedCall } from '../../../lambdas/shared/domain/audit/used-call.ts';
import { catalogSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';

const RECORDED = 'test/cases/cloudtrail';
const METRICS = 'arn:aws:dynamodb:eu-central-1:123456789012:table/bank_operational_metrics';
const PROFILES = 'arn:aws:dynamodb:eu-central-1:123456789012:table/bank_customer_profiles';
const TABLE = 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/t';
const find = makeFindResources(readConfigFiles().catalog);
const sessionOf = (n: number) => `analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0${n}`;

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

/** The record of an issue, as far as usage looks at it. */
function issued(n: number, durationSeconds = 900, chain = 'analyst1'): AuditRecord {
  const grants = [
    { resource: 'bank_operational_metrics', actions: ['dynamodb:GetItem', 'dynamodb:Query'] },
    { resource: 'bank_customer_profiles', actions: ['dynamodb:GetItem'] },
  ];
  return {
    chain,
    seq: n,
    eventId: `${n}`,
    requestId: sessionOf(n),
    event: 'issued',
    at: '2026-11-20T12:00:00.000Z',
    facts: { session: { sessionName: sessionOf(n) }, verdict: { entitlement: { grants, durationSeconds } } },
    previousHash: '',
    hash: '',
    mac: '',
  };
}
const log = (...records: unknown[]) =>
  (async function* () {
    yield* records;
  })();
const call = (n: number, more: Partial<UsedCall> = {}): UsedCall => ({
  at: '2026-11-20T12:05:00Z',
  principalId: 'analyst1',
  sessionName: sessionOf(n),
  action: 'dynamodb:Query',
  resources: [METRICS],
  allowed: true,
  ...more,
});

test('CloudTrail’s files tell of the calls with a source identity, and of no others', async () => {
  const calls = await all(callsInCloudTrailFiles(RECORDED));
  const common = { principalId: 'analyst1', sessionName: sessionOf(1), resources: [METRICS] };
  expect(calls).toEqual([
    { ...common, awsRequestId: 'REQ1', at: '2026-11-20T12:00:30Z', action: 'dynamodb:Query', allowed: true },
    { ...common, awsRequestId: 'REQ2', at: '2026-11-20T12:02:00Z', action: 'dynamodb:Query', allowed: true },
    { ...common, awsRequestId: 'REQ3', at: '2026-11-20T12:03:00Z', action: 'dynamodb:Scan', allowed: false },
  ]);
});

test('compressed files and files of lines say the same; others are left out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-cloudtrail-'));
  try {
    const [file = ''] = readdirSync(RECORDED);
    const text = readFileSync(join(RECORDED, file), 'utf8');
    const lines = JSON.parse(text).Records.map((event: unknown) => JSON.stringify(event));
    writeFileSync(join(folder, 'one.json.gz'), gzipSync(text));
    writeFileSync(join(folder, 'two.jsonl'), lines.join('\n'));
    writeFileSync(join(folder, 'readme.txt'), 'not a log');
    const recorded = await all(callsInCloudTrailFiles(RECORDED));
    expect(await all(callsInCloudTrailFiles(folder))).toEqual([...recorded, ...recorded]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what was granted is held against what was used', async () => {
  const report = await compareUsage(log(issued(1)), callsInCloudTrailFiles(RECORDED), find);
  const common = { principalId: 'analyst1', granted: 1 };
  expect(report).toMatchObject({
    sessions: 1,
    unusedSessions: 0,
    deniedCalls: 1,
    grants: [
      { ...common, action: 'dynamodb:GetItem', resource: 'bank_customer_profiles', used: 0, calls: 0 },
      { ...common, action: 'dynamodb:GetItem', resource: 'bank_operational_metrics', used: 0, calls: 0 },
      { ...common, action: 'dynamodb:Query', resource: 'bank_operational_metrics', used: 1, calls: 2 },
    ],
    durations: [{ principalId: 'analyst1', grantedSeconds: 900, usedSeconds: 120 }],
    // One session says nothing yet.
    suggestions: [],
  });
});

test('what three sessions were granted and none used is suggested to be left out', async () => {
  const records = [1, 2, 3].map((n) => issued(n, 1800));
  const report = await compareUsage(log(...records), [call(1), call(2)], find);
  expect(report.unusedSessions).toBe(1);
  expect(report.suggestions).toEqual([
    'policy of analyst1: bank_customer_profiles was granted to 3 sessions and never used; say that it is not needed',
    'policy of analyst1: dynamodb:GetItem on bank_operational_metrics was granted to 3 sessions and never used; say that it is not needed',
    'policy of analyst1: sessions lasted up to 1800 s and were used for 300 s at most; 900 s are enough',
  ]);
  expect(sayUsage(report)[0]).toBe('3 sessions, 1 of them never used; 0 calls denied by IAM');
});

test('what nobody ever used is suggested to be taken out of the catalog', async () => {
  const records = [1, 2, 3].map((n) => issued(n));
  const others = [4, 5, 6].map((n) => issued(n, 900, 'admin'));
  const report = await compareUsage(log(...records, ...others), [call(1)], find);
  expect(report.suggestions).toContain(
    'catalog: dynamodb:GetItem on bank_customer_profiles was granted to 2 principals and used by none; take it out',
  );
  expect(report.suggestions.join()).not.toContain('catalog: dynamodb:Query');
});

test('calls of sessions that the log does not know, and on what the catalog does not list, count for nothing', async () => {
  const elsewhere = 'arn:aws:dynamodb:eu-central-1:123456789012:table/elsewhere';
  const calls = [call(7), call(1, { resources: [elsewhere] }), call(1, { resources: [PROFILES] })];
  const report = await compareUsage(log(issued(1)), calls, find);
  expect(report.grants.every(({ used }) => used === 0)).toBe(true);
});

test('a service of which the log holds no call is not judged: its trail may not record it', async () => {
  const records = [1, 2, 3].map((n) => issued(n));
  const report = await compareUsage(log(...records), [], find);
  expect(report).toMatchObject({ unusedSessions: 3, suggestions: [] });
});

test.each<[string, object, string[], string[]]>([
  [
    'a table',
    {},
    ['dynamodb:eu-central-1:123456789012:table/t'],
    ['dynamodb:eu-central-1:123456789012:table/t2'],
  ],
  [
    'an index, of which CloudTrail names the table',
    { kind: 'dynamodb-index', arns: [`${TABLE}/index/i`], actions: { read: ['dynamodb:Query'] } },
    ['dynamodb:eu-central-1:123456789012:table/t', 'dynamodb:eu-central-1:123456789012:table/t/index/i'],
    ['dynamodb:eu-central-1:123456789012:table/t/index/j'],
  ],
  [
    'a prefix, and its bucket where it may be listed',
    { kind: 's3-prefix', arns: ['arn:aws:s3:::b/p/'], actions: { read: ['s3:GetObject', 's3:ListBucket'] } },
    ['s3:::b/p/day/one.csv', 's3:::b'],
    ['s3:::b/q/one.csv', 's3:::bb/p/x'],
  ],
  [
    'a secret without the end of its ARN',
    {
      kind: 'secret',
      arns: ['arn:aws:secretsmanager:${AWS::Region}:123456789012:secret:s'],
      actions: { read: ['secretsmanager:GetSecretValue'] },
    },
    ['secretsmanager:eu-central-1:123456789012:secret:s-AbCdEf'],
    ['secretsmanager:eu-central-1:123456789012:secret:s-other-AbCdEf'],
  ],
  [
    'a log group and its streams',
    {
      kind: 'log-group',
      arns: ['arn:aws:logs:eu-central-1:123456789012:log-group:/g'],
      actions: { read: ['logs:GetLogEvents'] },
    },
    [
      'logs:eu-central-1:123456789012:log-group:/g',
      'logs:eu-central-1:123456789012:log-group:/g:log-stream:s',
    ],
    ['logs:eu-central-1:123456789012:log-group:/gg'],
  ],
])('%s is found by the ARNs that its calls are logged with', (_, changes, own, others) => {
  const entry = {
    key: 'it',
    kind: 'dynamodb-table',
    arns: [TABLE],
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions: { read: ['dynamodb:GetItem'] },
    maxDurationSeconds: 900,
    ...changes,
  };
  const found = makeFindResources(catalogSchema.parse({ version: 1, resources: [entry] }));
  for (const arn of own) expect(found(`arn:aws:${arn}`), arn).toEqual(['it']);
  for (const arn of others) expect(found(`arn:aws:${arn}`), arn).toEqual([]);
});

test('a call is told by the action that allows it, where the event has another name', () => {
  const event = (eventSource: string, eventName: string) => ({
    eventTime: '2026-11-20T12:00:00Z',
    eventSource,
    eventName,
    userIdentity: {
      arn: `arn:aws:sts::123456789012:assumed-role/postern-brokered-internal/${sessionOf(1)}`,
      sessionContext: { sourceIdentity: 'analyst1' },
    },
  });
  const actions = [event('s3.amazonaws.com', 'ListObjects'), event('lambda.amazonaws.com', 'Invoke')].map(
    (it) => usedCallOf(it)?.action,
  );
  expect(actions).toEqual(['s3:ListBucket', 'lambda:InvokeFunction']);
});

test('a deployment’s log is not held against the calls of the sandbox, nor against a folder that is not there', () => {
  const env = { POSTERN_ARCHIVE_URL: 'https://archive.example' };
  expect(() => findCloudTrail(env)).toThrow(/--cloudtrail/);
  expect(findCloudTrail(env, RECORDED)).toBe(RECORDED);
  expect(() => findCloudTrail({}, 'no/such/folder')).toThrow(/no folder no\/such\/folder/);
});
