import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AccountStack, openAccountStack } from '../../../../infra/deploy/accounts/account-stack.ts';
import { listenLocally } from '../../../../sandbox/listen-locally.ts';
import { PLACE } from '../fake-account.ts';

/** CloudFormation, STS and IAM of another account, as far as a stack of it goes. */
let stack: { status: string; why?: string } | undefined;
let changeSet: { status: string; reason?: string } = { status: 'CREATE_COMPLETE' };
/** What the stack is, one look after the other, once a change set is executed or the stack deleted. */
let then: (string | undefined)[] = [];
let calls: { action: string; key: string; form: URLSearchParams }[] = [];
let isAssumable = true;
/** What the stack has, and what a change set would do: logical ids, types and names. */
const ROLE = 'postern-brokered-internal';
const REVOKER_ROLE = { type: 'AWS::IAM::Role', name: 'postern-revoker' };
let resources = [{ type: 'AWS::IAM::Role', name: ROLE }, REVOKER_ROLE];
let removed = '';

const failed = (code: string, message: string) =>
  new Response(
    `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    {
      status: 400,
    },
  );
const answered = (action: string, result: string) =>
  new Response(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);

function describeStacks(): Response {
  if (then.length > 0) {
    const status = then.shift();
    stack = status === undefined ? undefined : { status };
  }
  return stack
    ? answered(
        'DescribeStacks',
        `<Stacks><member><StackName>PosternMember</StackName><StackStatus>${stack.status}</StackStatus></member></Stacks>`,
      )
    : failed('ValidationError', 'Stack with id PosternMember does not exist');
}

const answers: Record<string, () => Response> = {
  AssumeRole: () =>
    isAssumable
      ? answered(
          'AssumeRole',
          '<Credentials><AccessKeyId>ASIAMEMBER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>',
        )
      : failed('AccessDenied', 'not authorized to perform: sts:AssumeRole'),
  DescribeStacks: describeStacks,
  CreateChangeSet: () => answered('CreateChangeSet', '<Id>arn:change</Id>'),
  DescribeChangeSet: () =>
    answered(
      'DescribeChangeSet',
      `<Status>${changeSet.status}</Status><StatusReason>${changeSet.reason ?? ''}</StatusReason><Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>Revoker</LogicalResourceId><ResourceType>AWS::IAM::Role</ResourceType></ResourceChange></member>${removed}</Changes>`,
    ),
  ExecuteChangeSet: () => answered('ExecuteChangeSet', ''),
  DeleteChangeSet: () => answered('DeleteChangeSet', ''),
  DeleteStack: () => answered('DeleteStack', ''),
  ListStackResources: () =>
    answered(
      'ListStackResources',
      `<StackResourceSummaries>${resources
        .map(
          ({ type, name }) =>
            `<member><ResourceType>${type}</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId></member>`,
        )
        .join('')}</StackResourceSummaries>`,
    ),
  ListAttachedRolePolicies: () =>
    answered(
      'ListAttachedRolePolicies',
      '<AttachedPolicies><member><PolicyArn>arn:aws:iam::444455556666:policy/p</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
    ),
  ListRolePolicies: () =>
    answered(
      'ListRolePolicies',
      '<PolicyNames><member>revoked-sessions</member></PolicyNames><IsTruncated>false</IsTruncated>',
    ),
  DetachRolePolicy: () => answered('DetachRolePolicy', ''),
  DeleteRolePolicy: () => answered('DeleteRolePolicy', ''),
};

let server: Awaited<ReturnType<typeof listenLocally>>;
beforeAll(async () => {
  server = await listenLocally(0, async (request) => {
    const form = new URLSearchParams(await request.text());
    const action = form.get('Action') ?? '';
    const [, key = ''] = /Credential=([^/]+)/.exec(request.headers.get('authorization') ?? '') ?? [];
    calls.push({ action, key, form });
    return answers[action]?.() ?? failed('InvalidAction', action);
  });
});
afterAll(() => server.close());
beforeEach(() => {
  stack = undefined;
  changeSet = { status: 'CREATE_COMPLETE' };
  then = [];
  calls = [];
  isAssumable = true;
  resources = [{ type: 'AWS::IAM::Role', name: ROLE }, REVOKER_ROLE];
  removed = '';
});

const open = (): Promise<AccountStack> =>
  openAccountStack({ id: '444455556666', deployRole: 'ops/PosternDeploy' }, PLACE, {
    ...{ endpoint: server.url, pollMs: 1, mostMs: 2_000 },
    credentials: { accessKeyId: 'AKIAHOME', secretAccessKey: 's' },
  });
const actions = () => calls.map(({ action }) => action);
const formOf = (action: string) =>
  Object.fromEntries(calls.find((call) => call.action === action)?.form ?? []);

test('it goes there by the role, and says who the broker is', async () => {
  const proposed = await (await open()).propose('{"Resources":{}}');
  expect(formOf('AssumeRole')).toMatchObject({ RoleArn: 'arn:aws:iam::444455556666:role/ops/PosternDeploy' });
  expect(calls.slice(1).every(({ key }) => key === 'ASIAMEMBER')).toBe(true);
  expect(formOf('CreateChangeSet')).toMatchObject({
    StackName: 'PosternMember',
    ChangeSetType: 'CREATE',
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    'Parameters.member.1.ParameterValue': PLACE.account,
    'Parameters.member.2.ParameterValue': PLACE.region,
  });
  expect(proposed).toEqual({
    id: 'arn:change',
    changes: [{ action: 'Add', type: 'AWS::IAM::Role', name: 'Revoker' }],
  });
  expect(actions()).not.toContain('ExecuteChangeSet');
});

test('a role that cannot be assumed is named', async () => {
  isAssumable = false;
  await expect(open()).rejects.toThrow(
    'arn:aws:iam::444455556666:role/ops/PosternDeploy cannot be assumed (AccessDenied: not authorized',
  );
});

test('a stack that is there is updated, and one that would not change is let be', async () => {
  stack = { status: 'UPDATE_COMPLETE' };
  changeSet = { status: 'FAILED', reason: 'The submitted information didn&apos;t contain changes.' };
  expect(await (await open()).propose('{}')).toBeUndefined();
  expect(formOf('CreateChangeSet')).toMatchObject({ ChangeSetType: 'UPDATE' });
  expect(actions()).toContain('DeleteChangeSet');
});

test('what CloudFormation refuses is told in its words', async () => {
  changeSet = { status: 'FAILED', reason: 'These are the roles of account 1; deploy them there.' };
  await expect((await open()).propose('{}')).rejects.toThrow('These are the roles of account 1');
});

test('what is left of a first deployment that failed is removed before the next', async () => {
  stack = { status: 'ROLLBACK_COMPLETE' };
  then = ['ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', undefined];
  await (await open()).propose('{}');
  expect(actions().indexOf('DeleteStack')).toBeLessThan(actions().indexOf('CreateChangeSet'));
  expect(formOf('CreateChangeSet')).toMatchObject({ ChangeSetType: 'CREATE' });
});

test.each([
  ['CREATE_COMPLETE', undefined],
  ['UPDATE_ROLLBACK_COMPLETE', 'the stack is UPDATE_ROLLBACK_COMPLETE'],
  ['ROLLBACK_COMPLETE', 'the stack is ROLLBACK_COMPLETE'],
])('it waits until the stack is %s', async (last, problem) => {
  const account = await open();
  then = ['CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', last];
  const executed = account.execute({ id: 'arn:change', changes: [] });
  if (problem === undefined) await executed;
  else await expect(executed).rejects.toThrow(problem);
});

test('a stack is removed, and waited for; where there is none, nothing is', async () => {
  stack = { status: 'UPDATE_COMPLETE' };
  then = ['UPDATE_COMPLETE', 'DELETE_IN_PROGRESS', undefined];
  expect(await (await open()).remove()).toBe(true);
  expect(await (await open()).remove()).toBe(false);
  expect(actions().filter((action) => action === 'DeleteStack')).toHaveLength(1);
});

test('a proposal that is taken back takes an empty stack with it', async () => {
  const account = await open();
  stack = { status: 'REVIEW_IN_PROGRESS' };
  then = ['REVIEW_IN_PROGRESS', 'REVIEW_IN_PROGRESS', undefined];
  await account.discard({ id: 'arn:change', changes: [] });
  expect(actions()).toContain('DeleteStack');
});

/** What is done to a brokered role before its stack deletes it, in this order. */
const EMPTIED = ['ListAttachedRolePolicies', 'DetachRolePolicy', 'ListRolePolicies', 'DeleteRolePolicy'];

test('a role whose sessions were revoked is emptied before its stack is removed, what it may do first', async () => {
  stack = { status: 'UPDATE_COMPLETE' };
  then = ['UPDATE_COMPLETE', undefined];
  await (await open()).remove();
  expect(actions()).toEqual([
    'AssumeRole',
    'DescribeStacks',
    'ListStackResources',
    ...EMPTIED,
    'DeleteStack',
    'DescribeStacks',
  ]);
  expect(formOf('DeleteRolePolicy')).toMatchObject({ RoleName: ROLE, PolicyName: 'revoked-sessions' });
});

test('so is one that a change set removes, once it is executed, and no other', async () => {
  stack = { status: 'UPDATE_COMPLETE' };
  removed = [ROLE, REVOKER_ROLE.name]
    .map(
      (name) =>
        `<member><Type>Resource</Type><ResourceChange><Action>Remove</Action><LogicalResourceId>R</LogicalResourceId><PhysicalResourceId>${name}</PhysicalResourceId><ResourceType>AWS::IAM::Role</ResourceType></ResourceChange></member>`,
    )
    .join('');
  const account = await open();
  const proposed = await account.propose('{}');
  expect(proposed).toMatchObject({ removedRoles: [ROLE] });
  expect(actions()).not.toContain('DetachRolePolicy');
  calls = [];
  if (proposed) await account.execute(proposed);
  expect(actions()).toEqual([...EMPTIED, 'ExecuteChangeSet', 'DescribeStacks']);
});
