import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Catalog, catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { folderOfSubject } from '../../../lambdas/shared/domain/identity/subject-forms.ts';
import type { Grant } from '../../../lambdas/shared/domain/review.ts';
import {
  buildSessionPolicy,
  widestStatementsOf,
} from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import { isSubjectScopable } from '../../../lambdas/shared/domain/session-policy/subject-scope.ts';
import { lets } from '../../support/judge.ts';
import { resolveAll } from '../../support/resolve-all.ts';
import { sessionOpens } from '../../support/session-opens.ts';

const AT = 'eu-central-1:123456789012';
const KEY = `arn:aws:kms:${AT}:key/11111111-2222-3333-4444-555555555555`;

const resource = (key: string, kind: string, arn: string, actions: object, more: object = {}) =>
  catalogResourceSchema.parse({
    key,
    kind,
    arns: [arn],
    purpose: 'Something that is brokered',
    sensitivity: 'internal',
    actions,
    maxDurationSeconds: 900,
    ...more,
  });

const resources = [
  resource('tt', 'dynamodb-table', `arn:aws:dynamodb:${AT}:table/tt`, {
    read: ['dynamodb:GetItem', 'dynamodb:Scan'],
  }),
  resource(
    'own',
    'dynamodb-table',
    `arn:aws:dynamodb:${AT}:table/own`,
    { read: ['dynamodb:GetItem', 'dynamodb:Query'] },
    { subjectScoped: true },
  ),
  resource(
    'ix',
    'dynamodb-index',
    `arn:aws:dynamodb:${AT}:table/own/index/ix`,
    { read: ['dynamodb:Query'] },
    { subjectScoped: true },
  ),
  resource('s3', 's3-prefix', 'arn:aws:s3:::bucket/in/', { read: ['s3:GetObject', 's3:ListBucket'] }),
  resource(
    's3own',
    's3-prefix',
    'arn:aws:s3:::bucket/by/',
    { read: ['s3:GetObject', 's3:ListBucket'] },
    { subjectScoped: true },
  ),
  resource('qq', 'sqs-queue', `arn:aws:sqs:${AT}:qq`, { write: ['sqs:SendMessage'] }, { kmsKeyArn: KEY }),
  resource('secret', 'secret', `arn:aws:secretsmanager:${AT}:secret:app/db`, {
    read: ['secretsmanager:GetSecretValue'],
  }),
  resource('ff', 'lambda-function', `arn:aws:lambda:${AT}:function:ff`, { write: ['lambda:InvokeFunction'] }),
  resource('logs', 'log-group', `arn:aws:logs:${AT}:log-group:/app`, {
    read: ['logs:FilterLogEvents', 'logs:GetLogEvents'],
  }),
  resource('key', 'kms-key', KEY, { read: ['kms:Decrypt'] }, { viaService: 's3' }),
  resource('pool', 'cognito-user-pool', `arn:aws:cognito-idp:${AT}:userpool/eu-central-1_x`, {
    read: ['cognito-idp:AdminGetUser'],
  }),
  resource('topic', 'exact-arns', `arn:aws:sns:${AT}:topic`, { write: ['sns:Publish'] }),
];
const catalog: Catalog = {
  digest: 'sha256:test',
  resources: new Map(resources.map((entry) => [entry.key, entry])),
};
const policyOf = (grants: Grant[], subject?: string) =>
  buildSessionPolicy(resolveAll(grants, catalog), subject);
const policyOn = (key: string, ...actions: string[]) => policyOf([{ resource: key, actions }], 'c-1042');
const rows = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
const table = (name: string) => `arn:aws:dynamodb:${AT}:table/${name}`;

describe.each([
  [
    'a table',
    policyOn('tt', 'dynamodb:GetItem', 'dynamodb:Scan'),
    [
      ['dynamodb:GetItem', table('tt')],
      ['dynamodb:Scan', table('tt')],
    ],
    [
      ['dynamodb:PutItem', table('tt')],
      ['dynamodb:GetItem', table('tt2')],
      ['dynamodb:Query', `${table('tt')}/index/i`],
    ],
  ],
  [
    "a table's rows of one subject",
    policyOn('own', 'dynamodb:GetItem', 'dynamodb:Query'),
    [
      ['dynamodb:GetItem', table('own'), rows('c-1042')],
      ['dynamodb:Query', table('own'), rows('c-1042')],
    ],
    [
      ['dynamodb:GetItem', table('own'), rows('c-2077')],
      ['dynamodb:GetItem', table('own'), rows('c-1042', 'c-2077')],
      ['dynamodb:GetItem', table('own'), rows('C-1042')],
      ['dynamodb:GetItem', table('own')],
      ['dynamodb:Scan', table('own')],
      ['dynamodb:Query', `${table('own')}/index/ix`, rows('c-1042')],
    ],
  ],
  [
    "an index's rows of one subject",
    policyOn('ix', 'dynamodb:Query'),
    [['dynamodb:Query', `${table('own')}/index/ix`, rows('c-1042')]],
    [
      ['dynamodb:Query', `${table('own')}/index/ix`],
      ['dynamodb:Query', table('own'), rows('c-1042')],
    ],
  ],
  [
    'a prefix of a bucket',
    policyOn('s3', 's3:GetObject', 's3:ListBucket'),
    [
      ['s3:GetObject', 'arn:aws:s3:::bucket/in/a/b'],
      ['s3:ListBucket', 'arn:aws:s3:::bucket', { 's3:prefix': 'in/a' }],
    ],
    [
      ['s3:GetObject', 'arn:aws:s3:::bucket/out/a'],
      ['s3:GetObject', 'arn:aws:s3:::bucket/inside'],
      ['s3:PutObject', 'arn:aws:s3:::bucket/in/a'],
      ['s3:ListBucket', 'arn:aws:s3:::bucket'],
      ['s3:ListBucket', 'arn:aws:s3:::bucket', { 's3:prefix': '' }],
      ['s3:ListBucket', 'arn:aws:s3:::bucket2', { 's3:prefix': 'in/a' }],
    ],
  ],
  [
    "a prefix's objects of one subject",
    policyOn('s3own', 's3:GetObject', 's3:ListBucket'),
    [['s3:GetObject', 'arn:aws:s3:::bucket/by/c-1042/a']],
    [
      ['s3:GetObject', 'arn:aws:s3:::bucket/by/c-10421/a'],
      ['s3:GetObject', 'arn:aws:s3:::bucket/by/c-2077/a'],
      ['s3:ListBucket', 'arn:aws:s3:::bucket', { 's3:prefix': 'by/' }],
    ],
  ],
  [
    'a queue with a key of its own',
    policyOn('qq', 'sqs:SendMessage'),
    [['sqs:SendMessage', `arn:aws:sqs:${AT}:qq`]],
    [
      ['sqs:ReceiveMessage', `arn:aws:sqs:${AT}:qq`],
      ['sqs:SendMessage', `arn:aws:sqs:${AT}:qq2`],
    ],
  ],
  [
    'a secret, whose ARN ends in six characters',
    policyOn('secret', 'secretsmanager:GetSecretValue'),
    [['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${AT}:secret:app/db-AbCdEf`]],
    [
      ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${AT}:secret:app/db-root-AbCdEf`],
      ['secretsmanager:PutSecretValue', `arn:aws:secretsmanager:${AT}:secret:app/db-AbCdEf`],
    ],
  ],
  [
    'a function',
    policyOn('ff', 'lambda:InvokeFunction'),
    [['lambda:InvokeFunction', `arn:aws:lambda:${AT}:function:ff`]],
    [
      ['lambda:InvokeFunction', `arn:aws:lambda:${AT}:function:ff2`],
      ['lambda:UpdateFunctionCode', `arn:aws:lambda:${AT}:function:ff`],
    ],
  ],
  [
    'a log group',
    policyOn('logs', 'logs:FilterLogEvents', 'logs:GetLogEvents'),
    [['logs:GetLogEvents', `arn:aws:logs:${AT}:log-group:/app:log-stream:one`]],
    [
      ['logs:GetLogEvents', `arn:aws:logs:${AT}:log-group:/app2:log-stream:one`],
      ['logs:DeleteLogGroup', `arn:aws:logs:${AT}:log-group:/app`],
    ],
  ],
  [
    'a user pool',
    policyOn('pool', 'cognito-idp:AdminGetUser'),
    [['cognito-idp:AdminGetUser', `arn:aws:cognito-idp:${AT}:userpool/eu-central-1_x`]],
    [
      ['cognito-idp:AdminDisableUser', `arn:aws:cognito-idp:${AT}:userpool/eu-central-1_x`],
      ['cognito-idp:AdminGetUser', `arn:aws:cognito-idp:${AT}:userpool/eu-central-1_xy`],
    ],
  ],
  [
    'an exact ARN',
    policyOn('topic', 'sns:Publish'),
    [['sns:Publish', `arn:aws:sns:${AT}:topic`]],
    [
      ['sns:Publish', `arn:aws:sns:${AT}:topic2`],
      ['sns:Subscribe', `arn:aws:sns:${AT}:topic`],
    ],
  ],
] as [
  string,
  string,
  [string, string, Record<string, string | string[]>?][],
  [string, string, Record<string, string | string[]>?][],
][])('%s', (_, policy, open, shut) => {
  test.each(open)('opens %s on %s %j', async (action, arn, context) => {
    expect(await lets(policy, { action, resource: arn, ...(context && { context }) })).toBe(true);
  });
  test.each(shut)('does not open %s on %s %j', async (action, arn, context) => {
    expect(await lets(policy, { action, resource: arn, ...(context && { context }) })).toBe(false);
  });
});

describe('a key', () => {
  const through = (policy: string) =>
    JSON.parse(policy).Statement.find((it: { Action: string | string[] }) =>
      [it.Action].flat().includes('kms:Decrypt'),
    );
  test('may be used only through its service, in its own region', () => {
    expect(through(policyOn('key', 'kms:Decrypt'))).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
    });
  });
  test('of an encrypted resource comes with it, through that service alone', () => {
    expect(through(policyOn('qq', 'sqs:SendMessage'))).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' } },
    });
  });
});

test('a subject-scoped grant without its subject is never built', () => {
  expect(() => policyOf([{ resource: 'own', actions: ['dynamodb:GetItem'] }])).toThrow('subject-scoped');
});

test('equal grants give byte-equal policies, in whatever order they come', () => {
  const grants = resources
    .filter(({ kind }) => kind !== 'kms-key')
    .map(({ key, actions }) => ({ resource: key, actions: Object.values(actions).flat() }));
  const expected = policyOf(grants, 'c-1042');
  fc.assert(
    fc.property(
      fc.shuffledSubarray(grants, { minLength: grants.length }),
      fc.boolean(),
      (shuffled, reversed) => {
        const turned = shuffled.map(({ resource: key, actions }) => ({
          resource: key,
          actions: reversed ? [...actions].reverse() : actions,
        }));
        return policyOf(turned, 'c-1042') === expected;
      },
    ),
  );
});

test('no wildcard but where a kind puts one', () => {
  for (const { key, actions } of resources) {
    const policy = policyOf([{ resource: key, actions: Object.values(actions).flat() }], 'c-1042');
    const wild = policy.match(/"[^"]*[*?][^"]*"/g) ?? [];
    const expected = ['s3', 's3own', 'secret', 'logs'].includes(key);
    expect([key, wild.length > 0]).toEqual([key, expected]);
  }
});

describe('the policy as it is written', () => {
  const S3 = 'arn:aws:s3:::bucket';
  const statements = (policy: string) => JSON.parse(policy).Statement;

  test('objects and listing of a prefix: each only what it is asked for', () => {
    const objects = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${S3}/in/*` };
    const listing = {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: S3,
      Condition: { StringLike: { 's3:prefix': 'in/*' } },
    };
    expect(statements(policyOn('s3', 's3:GetObject'))).toEqual([objects]);
    expect(statements(policyOn('s3', 's3:ListBucket'))).toEqual([listing]);
    expect(statements(policyOn('s3', 's3:GetObject', 's3:ListBucket'))).toEqual([objects, listing]);
  });

  test('a secret that is named whole stays so; any other name gets six characters, however it ends', () => {
    const named = (arn: string, more: object = {}) => {
      const secret = resource('secret', 'secret', arn, { read: ['secretsmanager:GetSecretValue'] }, more);
      const grants = [{ resource: secret, actions: ['secretsmanager:GetSecretValue'] }];
      return statements(buildSessionPolicy(grants))[0].Resource;
    };
    const arn = `arn:aws:secretsmanager:${AT}:secret:app/db`;
    expect(named(`${arn}-AbC123`, { wholeArns: true })).toBe(`${arn}-AbC123`);
    for (const name of [`${arn}-AbC123`, `${arn}-config`, arn, `${arn}-______`]) {
      expect(named(name)).toBe(`${name}-??????`);
      expect(named(name, { wholeArns: false })).toBe(`${name}-??????`);
    }
  });

  test('reading what a key encrypts takes Decrypt alone; writing a data key too, beside reading as well', () => {
    const queue = resource(
      'qq',
      'sqs-queue',
      `arn:aws:sqs:${AT}:qq`,
      { read: ['sqs:ReceiveMessage'], write: ['sqs:SendMessage'] },
      { kmsKeyArn: KEY },
    );
    const keyActions = (...actions: string[]) =>
      statements(buildSessionPolicy([{ resource: queue, actions }])).find(
        (statement: { Resource: string }) => statement.Resource === KEY,
      ).Action;
    expect(keyActions('sqs:ReceiveMessage')).toBe('kms:Decrypt');
    expect(keyActions('sqs:SendMessage')).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(keyActions('sqs:ReceiveMessage', 'sqs:SendMessage')).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ]);
  });

  test('what cannot be is a malfunction, not a wider policy', () => {
    expect(() => policyOf([{ resource: 'own', actions: ['dynamodb:GetItem'] }])).toThrow(
      'own is subject-scoped, and there is no subject',
    );
    const { viaService: _, ...bare } = resource('key', 'kms-key', KEY, { read: ['kms:Decrypt'] });
    expect(() => buildSessionPolicy([{ resource: bare, actions: ['kms:Decrypt'] }])).toThrow(
      'key is a key without the service it may be used through',
    );
  });

  test('the widest a resource is opened is without its subject, and with its key', () => {
    const [queue, own] = ['qq', 'own'].map((key) => catalog.resources.get(key));
    if (!queue || !own) throw new Error('no such resource');
    expect(widestStatementsOf(own, ['dynamodb:GetItem'])).toEqual([
      { actions: ['dynamodb:GetItem'], resources: [table('own')] },
    ]);
    expect(widestStatementsOf(queue, ['sqs:SendMessage'])).toMatchObject([
      { actions: ['sqs:SendMessage'], resources: [`arn:aws:sqs:${AT}:qq`] },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [KEY],
        condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-central-1.amazonaws.com' } },
      },
    ]);
  });

  test('which rows can be held to a subject at all', () => {
    expect(isSubjectScopable('dynamodb-table', 'dynamodb:GetItem')).toBe(true);
    expect(isSubjectScopable('dynamodb-table', 'dynamodb:Scan')).toBe(false);
    expect(isSubjectScopable('sqs-queue', 'sqs:SendMessage')).toBe(false);
  });
});

describe('a subject of any text', () => {
  const own = [{ resource: 'own', actions: ['dynamodb:GetItem'] }];
  const folder = [{ resource: 's3own', actions: ['s3:GetObject'] }];
  const subjects = [
    'auth0|5f7c',
    '*',
    '?',
    '${aws:username}',
    '$',
    'a/b',
    'a',
    'b\u00e9\u4e2d',
    'Zm9v+/==',
    '"},{"',
  ];

  test.each(subjects)('%j opens its own rows and nobody else’s', (id) => {
    const policy = policyOf(own, id);
    expect(policy).toMatch(/^[\x20-\x7e]*$/);
    for (const other of subjects) {
      const call = {
        action: 'dynamodb:GetItem',
        resource: `arn:aws:dynamodb:${AT}:table/own`,
        context: { 'dynamodb:LeadingKeys': [other] },
      };
      expect([other, sessionOpens(policy, call)]).toEqual([other, other === id]);
    }
  });

  test.each(subjects)('%j opens its own folder and nobody else’s', (id) => {
    const policy = policyOf(folder, id);
    for (const other of subjects) {
      const resource = `arn:aws:s3:::bucket/by/${folderOfSubject(other)}/x`;
      expect([other, sessionOpens(policy, { action: 's3:GetObject', resource })]).toEqual([
        other,
        other === id,
      ]);
    }
  });
});
