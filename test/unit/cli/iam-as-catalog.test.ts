import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { accountOf } from '../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../clients/iam/account/collected-account.ts';
import { suggestFor, writeSuggested } from '../../../clients/iam/as-catalog/write-as-catalog.ts';
import { data } from '../../support/policy/check-case.ts';
import { COLLECTED } from '../../support/policy/collected-account.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-as-catalog-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WRITER = 'arn:aws:iam::111122223333:role/writer';
const here = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const call = (source: string, name: string, resources: readonly string[], error = '') => ({
  ...{ principal: WRITER, source: `${source}.amazonaws.com`, name, resources, error, region: 'eu-central-1' },
  ...{ count: 3, first: '2026-11-01T00:00:00Z', last: '2026-11-20T00:00:00Z' },
});

const CALLS = [
  call('sqs', 'SendMessage', [here('sqs', 'jobs')]),
  call('dynamodb', 'GetItem', [here('dynamodb', 'table/orders')]),
  call('dynamodb', 'PutItem', [here('dynamodb', 'table/orders')]),
  call('dynamodb', 'Query', [here('dynamodb', 'table/orders/index/by-day')]),
  call('s3', 'GetObject', ['arn:aws:s3:::reports-bucket/2026/11/a.csv', 'arn:aws:s3:::reports-bucket']),
  call('s3', 'GetObject', ['arn:aws:s3:::reports-bucket/2026/12/b.csv']),
  call('lambda', 'Invoke', [here('lambda', 'function:export')]),
  call('secretsmanager', 'GetSecretValue', [here('secretsmanager', 'secret:db-AbCdEf')]),
  call('ec2', 'DescribeInstances', []),
  // What is not suggested, each for a reason.
  call('dynamodb', 'DeleteItem', [here('dynamodb', 'table/orders')], 'AccessDenied'),
  call('iam', 'AttachRolePolicy', ['arn:aws:iam::111122223333:role/x']),
  call('sns', 'Publish', []),
  call('kms', 'Decrypt', [here('kms', 'key/0b1c2d3e')]),
  call('apigateway', 'CreateRestApi', []),
];

const account = (seen: readonly object[]) =>
  accountOf(
    collectedSchema.parse({
      ...COLLECTED,
      calls: { events: 9, ofOthers: 0, unread: 0, dataEventsOf: [], seen },
    }),
    data,
  );

test('what a role used becomes entries and guardrails that the check accepts', async () => {
  const written = await writeSuggested(suggestFor(account(CALLS), 'writer', data), folder);
  const [catalogFile = '', cedarFile = ''] = written.files;
  const { resources } = JSON.parse(readFileSync(catalogFile, 'utf8')) as {
    resources: { key: string; kind: string; arns?: string[]; actions: object }[];
  };
  const byKey = Object.fromEntries(
    resources.map(({ key, kind, arns = [], actions }) => [key, [kind, ...arns, actions]]),
  );
  expect(byKey).toEqual({
    jobs: [
      'sqs-queue',
      'arn:${AWS::Partition}:sqs:eu-central-1:${AWS::AccountId}:jobs',
      { write: ['sqs:SendMessage'] },
    ],
    orders: [
      'dynamodb-table',
      'arn:${AWS::Partition}:dynamodb:eu-central-1:${AWS::AccountId}:table/orders',
      { read: ['dynamodb:GetItem'], write: ['dynamodb:PutItem'] },
    ],
    orders_index_by_day: [
      'dynamodb-index',
      'arn:${AWS::Partition}:dynamodb:eu-central-1:${AWS::AccountId}:table/orders/index/by-day',
      { read: ['dynamodb:Query'] },
    ],
    reports_bucket_2026: [
      's3-prefix',
      'arn:${AWS::Partition}:s3:::reports-bucket/2026/',
      { read: ['s3:GetObject'] },
    ],
    export: [
      'lambda-function',
      'arn:${AWS::Partition}:lambda:eu-central-1:${AWS::AccountId}:function:export',
      { write: ['lambda:InvokeFunction'] },
    ],
    db_abcdef: [
      'secret',
      'arn:${AWS::Partition}:secretsmanager:eu-central-1:${AWS::AccountId}:secret:db-AbCdEf',
      { read: ['secretsmanager:GetSecretValue'] },
    ],
    ec2_wide: ['service-wide', { read: ['ec2:DescribeInstances'] }],
  });
  expect(written.leftOut.map(({ action }) => action).sort()).toEqual([
    'apigateway',
    'iam:AttachRolePolicy',
    'kms:Decrypt',
    'sns:Publish',
  ]);

  const config = join(folder, 'config');
  cpSync('config', config, { recursive: true });
  const catalog = JSON.parse(readFileSync(join(config, 'catalog.json'), 'utf8'));
  writeFileSync(
    join(config, 'catalog.json'),
    JSON.stringify({ ...catalog, resources: [...catalog.resources, ...resources] }, null, 2),
  );
  const rules = readFileSync(cedarFile, 'utf8');
  writeFileSync(
    join(config, 'guardrails.cedar'),
    `${readFileSync(join(config, 'guardrails.cedar'), 'utf8')}\n${rules}`,
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve('scripts/guardrails.ts'), 'check'],
    {
      env: { PATH: process.env.PATH, POSTERN_CONFIG_DIR: config },
    },
  );
  expect(stdout).toContain('0 errors');
  expect(rules).toContain('@id("writer-write-needs-human")');
}, 60_000);

test.each([
  ['nobody', CALLS, 'no role and no user nobody'],
  ['writer', [], 'No call of writer was seen'],
  [
    'writer',
    [call('iam', 'AttachRolePolicy', ['arn:aws:iam::111122223333:role/x'])],
    'can be an entry: iam:AttachRolePolicy',
  ],
])('of %s nothing is written where nothing can be said %#', (name, calls, said) => {
  expect(() => suggestFor(account(calls), name, data)).toThrow(said);
});
