import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readIamData } from '../../../infra/read-iam-data.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { problemOfEntry } from '../../../lambdas/shared/domain/catalog/iam/problem-of-entry.ts';
import { consoleDestination } from '../../../lambdas/shared/domain/session-policy/console-destination.ts';

const HERE = 'eu-central-1';
const roleOf = (partition: string) =>
  `arn:${partition}:sts::123456789012:assumed-role/postern-brokered-internal/x`;
const allowing = (...arns: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: arns.map((Resource) => ({ Effect: 'Allow', Action: 'x:Y', Resource })),
  });
const arn = (service: string, resource: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:123456789012:${resource}`;
const opening = (...arns: string[]) => consoleDestination(roleOf('aws'), allowing(...arns), HERE);
const BASE = 'https://eu-west-1.console.aws.amazon.com';

test.each([
  [
    'a table',
    arn('dynamodb', 'table/orders'),
    '/dynamodbv2/home?region=eu-west-1#item-explorer?table=orders',
  ],
  [
    'an index',
    arn('dynamodb', 'table/orders/index/day'),
    '/dynamodbv2/home?region=eu-west-1#item-explorer?table=orders',
  ],
  [
    'a secret',
    arn('secretsmanager', 'secret:prod/db-??????'),
    '/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1',
  ],
  [
    'a whole secret',
    arn('secretsmanager', 'secret:prod/db-AbC123'),
    '/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1',
  ],
  [
    'a queue',
    arn('sqs', 'work.fifo'),
    '/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F123456789012%2Fwork.fifo',
  ],
  ['a topic', arn('sns', 'news'), `/sns/v3/home?region=eu-west-1#/topic/${arn('sns', 'news')}`],
  ['a function', arn('lambda', 'function:report:live'), '/lambda/home?region=eu-west-1#/functions/report'],
  [
    'a log group',
    arn('logs', 'log-group:/aws/lambda/report:*'),
    '/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Freport',
  ],
  ['a key', arn('kms', 'key/1111'), '/kms/home?region=eu-west-1#/kms/keys/1111'],
  [
    'a user pool',
    arn('cognito-idp', 'userpool/eu-west-1_x'),
    '/cognito/v2/idp/user-pools/eu-west-1_x/users?region=eu-west-1',
  ],
  [
    'a state machine',
    arn('states', 'stateMachine:report'),
    `/states/home?region=eu-west-1#/statemachines/view/${encodeURIComponent(arn('states', 'stateMachine:report'))}`,
  ],
])('%s opens on its own page, in its own region', (_, granted, page) => {
  expect(opening(granted)).toBe(`${BASE}${page}`);
});

test('a bucket, and a folder in one, open in the session’s region', () => {
  const base = `https://${HERE}.console.aws.amazon.com/s3/buckets/reports?region=${HERE}&tab=objects`;
  expect(opening('arn:aws:s3:::reports')).toBe(base);
  expect(opening('arn:aws:s3:::reports/2026/week-4*')).toBe(`${base}&prefix=2026%2F`);
  expect(opening('arn:aws:s3:::reports/2026/*')).toBe(`${base}&prefix=2026%2F`);
});

test.each([
  ['aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn', 'amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com', 'amazonaws.com'],
])('in %s it is that partition’s console', (partition, region, host, suffix) => {
  const queue = `arn:${partition}:sqs:${region}:123456789012:work`;
  expect(consoleDestination(roleOf(partition), allowing(queue), HERE)).toBe(
    `https://${host}/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(`https://sqs.${region}.${suffix}/123456789012/work`)}`,
  );
});

test('the first that has a page counts, a key after what it encrypts', () => {
  const table = arn('dynamodb', 'table/orders');
  expect(opening(arn('kms', 'key/1111'), table)).toContain('table=orders');
  expect(opening(arn('apigateway', '/restapis/x'), table)).toContain('table=orders');
});

test('what has no page, and listing of a whole service, open the console’s home', () => {
  const home = `https://console.aws.amazon.com/console/home?region=${HERE}`;
  expect([opening('*'), opening(arn('apigateway', '/restapis/x')), opening()]).toEqual([home, home, home]);
  expect(consoleDestination(roleOf('aws'), undefined, HERE)).toBe(home);
  expect(consoleDestination(roleOf('aws'), 'null', HERE)).toBe(home);
});

test('what is of another partition, or of one that is unknown, is not opened', () => {
  const foreign = 'arn:aws-cn:sqs:cn-north-1:123456789012:work';
  expect(opening(foreign)).toBe(`https://console.aws.amazon.com/console/home?region=${HERE}`);
  expect(consoleDestination(roleOf('aws-iso'), allowing(foreign), HERE)).toBeUndefined();
});

test('what the documentation lists for finding one’s way can be brokered by a service-wide entry', () => {
  const page = readFileSync('docs/sign-in.md', 'utf8');
  const table = page.slice(page.indexOf('| console of |'), page.indexOf('The item pages ask'));
  const actions = [...table.matchAll(/`([a-z0-9-]+:[A-Za-z]+)`/g)].map(([, action = '']) => action);
  expect(actions.length).toBeGreaterThan(8);
  const problems = actions.flatMap(
    (action) =>
      problemOfEntry(
        catalogResourceSchema.parse({
          key: 'listing',
          kind: 'service-wide',
          purpose: 'Lists of what there is, by name',
          sensitivity: 'internal',
          actions: { read: [action] },
          maxDurationSeconds: 900,
        }),
        readIamData(),
      ) ?? [],
  );
  expect(problems).toEqual([]);
});
