import { expect, test } from 'vitest';
import { isAllowed } from '../../sandbox/aws/authorize.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { template } from '../support/template.ts';

const ACCOUNT = '123456789012';
const { roles, functions } = resolveTemplate(template(), { accountId: ACCOUNT, region: 'eu-central-1' });
const table = (name: string) => `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/${name}`;
const BROKERED = `arn:aws:iam::${ACCOUNT}:role/postern-brokered`;
const MACHINE = `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:access-request`;
const FUNCTIONS = functions.map(({ name }) => name.replace('postern-', ''));

function may(
  name: string,
  action: string,
  resource: string,
  context?: Record<string, string[]>,
): Promise<boolean> {
  const role = roles.find((candidate) => candidate.name === `postern-${name}`);
  if (!role) throw new Error(`no role for ${name}`);
  return isAllowed(
    {
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${name}`,
      userId: `${role.id}:${name}`,
      accessKeyId: 'ASIATEST',
      identityPolicies: role.policies.map(({ document }) => document),
      principalTags: {},
    },
    { action, resource, ...(context && { context }) },
  );
}

/** The functions that may do this. */
async function whoMay(
  action: string,
  resource: string,
  context?: Record<string, string[]>,
): Promise<string[]> {
  const answers = await Promise.all(
    FUNCTIONS.map(async (name) => ((await may(name, action, resource, context)) ? [name] : [])),
  );
  return answers.flat().sort();
}

test.each([
  ['assume the brokered role', 'sts:AssumeRole', BROKERED, ['assume-role']],
  ['assume any other role', 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, []],
  ['write a policy', 'dynamodb:PutItem', table('policy_table'), ['apply-change']],
  ['write a principal', 'dynamodb:PutItem', table('users_table'), ['apply-change']],
  ['write a lookup of a principal', 'dynamodb:PutItem', table('postern_aws_principals'), ['apply-change']],
  ['change an audit record', 'dynamodb:UpdateItem', table('postern_audit'), []],
  ['delete an audit record', 'dynamodb:DeleteItem', table('postern_audit'), []],
  [
    'append an audit record',
    'dynamodb:PutItem',
    table('postern_audit'),
    ['assume-role', 'close-request', 'write-log'],
  ],
  ['delete a request', 'dynamodb:DeleteItem', table('postern_requests'), []],
  ['create a request', 'dynamodb:PutItem', table('postern_requests'), ['front-door']],
  ['read the bank', 'dynamodb:GetItem', table('bank_balances'), []],
  ['start an execution', 'states:StartExecution', MACHINE, ['front-door']],
  ['complete a wait', 'states:SendTaskSuccess', MACHINE, ['front-door', 'request-approval']],
  ['fail a wait', 'states:SendTaskFailure', MACHINE, []],
  ['change the workflow', 'states:UpdateStateMachine', MACHINE, []],
  ['change a role', 'iam:PutRolePolicy', BROKERED, []],
  [
    'invoke a function',
    'lambda:InvokeFunction',
    `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:postern-assume-role`,
    [],
  ],
])('who may %s', async (_, action, resource, expected) => {
  expect(await whoMay(action, resource)).toEqual(expected);
});

const leading = (key: string) => ({ 'dynamodb:LeadingKeys': [key] });

test.each([
  ['a token by query', 'dynamodb:Query', leading('token#employee1-01J'), ['request-approval']],
  ['a token by its key', 'dynamodb:GetItem', leading('token#employee1-01J'), []],
  ['votes', 'dynamodb:Query', leading('employee1-01J'), ['request-approval', 'tally-votes']],
  ['all of it', 'dynamodb:Scan', undefined, []],
  ['what names no key', 'dynamodb:Query', undefined, ['request-approval']],
])('who may read approvals: %s', async (_, action, context, expected) => {
  expect(await whoMay(action, table('postern_approvals'), context)).toEqual(expected);
});

test('review-request, which reads what attackers write, may touch no table at all', async () => {
  for (const { Properties } of Object.values(template().Resources).filter(
    ({ Type }) => Type === 'AWS::DynamoDB::Table',
  )) {
    for (const action of ['GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem']) {
      expect([
        action,
        await may('review-request', `dynamodb:${action}`, table(String(Properties?.TableName))),
      ]).toEqual([action, false]);
    }
  }
});
