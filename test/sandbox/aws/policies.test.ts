import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isAllowed, type Observation } from '../../../sandbox/aws/authorize.ts';
import type { AwsCaller } from '../../../sandbox/aws/types.ts';
import { callJson, callQuery, codeIn, type Keys } from './signed-call.ts';
import {
  ACCOUNT,
  allow,
  document,
  NOTES,
  role,
  roleArn,
  type Small,
  startSmall,
  userArn,
} from './small-endpoint.ts';

const deny = (Action: string, Condition?: object) => ({ ...allow(Action, '*', Condition), Effect: 'Deny' });
const trust = document({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});
const READER = role('reader', trust, allow(['dynamodb:GetItem', 'dynamodb:Scan']));
const BOUNDED = {
  ...role('bounded', trust, allow('dynamodb:*')),
  boundaryArn: 'arn:aws:iam::123456789012:policy/edge',
  boundary: document(allow('dynamodb:GetItem')),
};

let small: Small;
let admin: Keys;
beforeAll(async () => {
  small = await startSmall({ tables: [NOTES], roles: [READER, BOUNDED] });
  admin = small.admin;
});
afterAll(() => small.aws.close());

async function session(name: string, more: Record<string, string> = {}): Promise<Keys> {
  const { xml } = await callQuery(small.aws.url, admin, 'sts', {
    Action: 'AssumeRole',
    RoleArn: roleArn(name),
    RoleSessionName: 'one',
    ...more,
  });
  const read = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(xml)?.[1] ?? '';
  return {
    accessKeyId: read('AccessKeyId'),
    secretAccessKey: read('SecretAccessKey'),
    sessionToken: read('SessionToken'),
  };
}
const call = (keys: Keys, operation: string) =>
  callJson(small.aws.url, keys, `DynamoDB_20120810.${operation}`, {
    TableName: 'notes',
    ...(operation === 'GetItem' && { Key: { owner_id: { S: 'ada' }, at: { S: '1' } } }),
  });
const iam = (Action: string, more: Record<string, string> = {}) =>
  callQuery(small.aws.url, admin, 'iam', { Action, RoleName: 'reader', PolicyName: 'revoke', ...more });
const put = (...statements: unknown[]) =>
  iam('PutRolePolicy', { PolicyDocument: JSON.stringify(document(...statements)) });

describe('a session', () => {
  const policy = (...statements: unknown[]) => ({ Policy: JSON.stringify(document(...statements)) });

  test('may do what its role and its session policy both allow', async () => {
    const narrow = await session('reader', policy(allow(['dynamodb:GetItem', 'dynamodb:PutItem'])));
    expect((await call(narrow, 'GetItem')).status).toBe(200);
    expect((await call(narrow, 'Scan')).body.message).toBe(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/one is not authorized to perform: dynamodb:Scan on resource: ${NOTES.arn} because no session policy allows the dynamodb:Scan action`,
    );
    expect((await call(narrow, 'PutItem')).body.message).toMatch(/because no identity-based policy allows/);
  });
  test('may do nothing by an empty session policy', async () => {
    expect((await call(await session('reader', policy()), 'GetItem')).status).toBe(400);
  });
  test('may do no more than the boundary of its role', async () => {
    const bounded = await session('bounded');
    expect((await call(bounded, 'GetItem')).status).toBe(200);
    expect((await call(bounded, 'Scan')).body.message).toMatch(
      /because no permissions boundary allows the dynamodb:Scan action/,
    );
  });
  test('of a role whose boundary nobody knows is not begun', async () => {
    const { boundary: _, ...unknown } = BOUNDED;
    await expect(startSmall({ roles: [unknown] })).rejects.toThrow('policy/edge');
  });
});

describe('a revocation by IAM', () => {
  beforeEach(async () => void (await iam('DeleteRolePolicy')));

  test('of one session holds at once, for that session alone, and until it is taken back', async () => {
    const [first, second] = [await session('reader'), await session('reader', { RoleSessionName: 'two' })];
    expect((await call(first, 'GetItem')).status).toBe(200);
    expect((await put(deny('*', { StringEquals: { 'aws:userid': `${READER.id}:one` } }))).status).toBe(200);
    expect((await call(first, 'GetItem')).body.message).toMatch(
      /with an explicit deny in an identity-based policy/,
    );
    expect((await call(second, 'GetItem')).status).toBe(200);
    await iam('DeleteRolePolicy');
    expect((await call(first, 'GetItem')).status).toBe(200);
  });

  test('of every session before a time spares those after it', async () => {
    const held = await session('reader');
    const issuedBefore = (time: number) =>
      deny('*', { DateLessThan: { 'aws:TokenIssueTime': new Date(time).toISOString() } });
    await put(issuedBefore(Date.now() - 60_000));
    expect((await call(held, 'GetItem')).status).toBe(200);
    await put(issuedBefore(Date.now() + 60_000));
    expect((await call(held, 'GetItem')).status).toBe(400);
  });

  test('can be read back, as it was put', async () => {
    const statement = deny('*', { StringEquals: { 'aws:userid': 'x' } });
    await put(statement);
    const { xml } = await iam('GetRolePolicy');
    const text = /<PolicyDocument>([^<]+)</.exec(xml)?.[1] ?? '';
    expect(JSON.parse(decodeURIComponent(text))).toEqual(document(statement));
    expect((await iam('ListRolePolicies')).xml).toContain('<member>revoke</member>');
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['of a role there is not', 'GetRolePolicy', { RoleName: 'other' }, 'NoSuchEntity'],
    ['of a policy there is not', 'GetRolePolicy', { PolicyName: 'other' }, 'NoSuchEntity'],
    ['of no name', 'DeleteRolePolicy', { PolicyName: '' }, 'ValidationError'],
    ['that is no JSON', 'PutRolePolicy', { PolicyDocument: '{' }, 'MalformedPolicyDocument'],
    [
      'that is no policy',
      'PutRolePolicy',
      { PolicyDocument: '{"Statement":"x"}' },
      'MalformedPolicyDocument',
    ],
    [
      'beyond 10,240 characters',
      'PutRolePolicy',
      { PolicyDocument: JSON.stringify(document(...Array(150).fill(allow('dynamodb:GetItem', NOTES.arn)))) },
      'LimitExceeded',
    ],
  ])('%s: refused', async (_, operation, more, code) => {
    expect(codeIn((await iam(operation, more)).xml)).toBe(code);
  });

  test('takes the permission for it', async () => {
    const nobody = small.user('nobody', []);
    const { status, xml } = await callQuery(small.aws.url, nobody, 'iam', {
      Action: 'DeleteRolePolicy',
      RoleName: 'reader',
      PolicyName: 'revoke',
    });
    expect([status, codeIn(xml)]).toEqual([403, 'AccessDenied']);
  });
});

test('an observer sees every decision, until it looks away', async () => {
  const seen: Observation[] = [];
  const stop = small.aws.observe((observation) => seen.push(observation));
  const held = await session('reader');
  await call(held, 'GetItem');
  await call(held, 'PutItem');
  stop();
  await call(held, 'GetItem');
  expect(
    seen.map(({ caller, action, resource, allowed }) => [caller.arn, action, resource, allowed]),
  ).toEqual([
    [userArn('admin'), 'sts:AssumeRole', roleArn('reader'), true],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/reader/one`, 'dynamodb:GetItem', NOTES.arn, true],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/reader/one`, 'dynamodb:PutItem', NOTES.arn, false],
  ]);
});

test('a call like one before it is judged anew where a policy was changed, or names what differs', async () => {
  const statement = { ...allow('dynamodb:GetItem', NOTES.arn), Condition: {} };
  const caller = (tag: string): AwsCaller => ({
    accountId: ACCOUNT,
    arn: userArn('reader'),
    userId: 'AIDAREADER',
    accessKeyId: 'AKIAREADER',
    identityPolicies: [document(statement)],
    principalTags: { team: tag },
  });
  const asked = { action: 'dynamodb:GetItem', resource: NOTES.arn };
  const answers = [isAllowed(caller('one'), asked), isAllowed(caller('two'), asked)];
  statement.Condition = { StringEquals: { 'AWS:principaltag/TEAM': 'one' } };
  answers.push(isAllowed(caller('one'), asked), isAllowed(caller('two'), asked));
  expect(answers).toEqual([true, true, true, false]);
});

describe('a permission to send an execution its task token', () => {
  const machine = `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:access-request`;
  const caller = (...statements: unknown[]): AwsCaller => ({
    accountId: ACCOUNT,
    arn: userArn('waker'),
    userId: 'AIDAWAKER',
    accessKeyId: 'AKIAWAKER',
    identityPolicies: [document(...statements)],
    principalTags: {},
  });
  test.each<[string, unknown[], boolean]>([
    ['by its name', [allow('states:SendTaskSuccess', machine)], true],
    ['by a pattern', [allow('states:Send*', machine)], true],
    ['for all', [allow('*')], true],
    ['by another name', [allow(['states:StartExecution', 'states:SendTaskFailure'], machine)], false],
    ['on another machine', [allow('states:SendTaskSuccess', `${machine}2`)], false],
    ['with a denial by a pattern', [allow('*'), deny('states:sendtask*')], false],
    ['by all but it', [{ Effect: 'Allow', NotAction: 'states:SendTaskSuccess', Resource: '*' }], false],
    ['by all but another', [{ Effect: 'Allow', NotAction: 'states:StartExecution', Resource: '*' }], true],
  ])('%s', async (_, statements, allowed) => {
    const asked = { action: 'states:SendTaskSuccess', resource: machine };
    expect(isAllowed(caller(...statements), asked)).toBe(allowed);
  });
});
