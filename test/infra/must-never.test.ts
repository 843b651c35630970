import { expect, test } from 'vitest';
import type { Authorization } from '../../sandbox/aws/authorize.ts';
import { ACCOUNT, deployed, functionNamesOf, makeMay, REGION } from '../support/function-roles.ts';
import { template } from '../support/template.ts';

const resolved = deployed();
const may = makeMay(resolved);
const FUNCTIONS = functionNamesOf(resolved);
const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const BROKERED = `arn:aws:iam::${ACCOUNT}:role/postern-brokered-restricted`;
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:access-request`;
const REVOKE_MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:revoke-session`;

const CALLERS_MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:payments-report`;
const ANOTHER_MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:another`;

const EXECUTION = `${MACHINE.replace(':stateMachine:', ':execution:')}:employee1-01J`;
const SEAL = resolved.keys.find(({ aliases }) => aliases.includes('alias/postern-seal'));
const REVIEWER_KEY = resolved.secrets.find(({ name }) => name === 'postern/openai')?.arn ?? '';

/** The functions that may do this. */
async function whoMay(
  action: string,
  resource: string,
  more: Pick<Authorization, 'context' | 'resourcePolicy'> = {},
): Promise<string[]> {
  const answers = await Promise.all(
    FUNCTIONS.map(async (name) => ((await may(name, { action, resource, ...more })) ? [name] : [])),
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
    [
      'apply-change',
      'assume-role',
      'await-claim',
      'close-request',
      'rejoin-archive',
      'request-approval',
      'revoke-session',
      'run-access-reviews',
      'sign-heads',
      'tally-votes',
      'write-log',
    ],
  ],
  ['delete a request', 'dynamodb:DeleteItem', table('postern_requests'), []],
  ['read the bank', 'dynamodb:GetItem', table('bank_balances'), []],
  [
    'start an execution',
    'states:StartExecution',
    MACHINE,
    ['access-reviews', 'front-door', 'slack-app', 'token-door'],
  ],
  [
    'complete a wait',
    'states:SendTaskSuccess',
    MACHINE,
    ['cast-vote', 'front-door', 'request-approval', 'slack-app', 'token-door'],
  ],
  ["read the reviewer's key", 'secretsmanager:GetSecretValue', REVIEWER_KEY, ['review-request']],
  ["change the reviewer's key", 'secretsmanager:PutSecretValue', REVIEWER_KEY, []],
  ['stop an execution', 'states:StopExecution', EXECUTION, ['front-door', 'revoke-session', 'token-door']],
  ['run a failed execution again', 'states:RedriveExecution', EXECUTION, []],
  ['read what an execution did', 'states:GetExecutionHistory', EXECUTION, []],
  ['fail a wait', 'states:SendTaskFailure', MACHINE, []],
  ['complete a wait of a revocation', 'states:SendTaskSuccess', REVOKE_MACHINE, []],
  ["complete a listed caller's wait", 'states:SendTaskSuccess', CALLERS_MACHINE, ['deliver-callback']],
  ["fail a listed caller's wait", 'states:SendTaskFailure', CALLERS_MACHINE, ['deliver-callback']],
  ['complete any other wait', 'states:SendTaskSuccess', ANOTHER_MACHINE, []],
  ['fail any other wait', 'states:SendTaskFailure', ANOTHER_MACHINE, []],
  ['change the workflow', 'states:UpdateStateMachine', MACHINE, []],
  [
    'deny sessions of the brokered role',
    'iam:PutRolePolicy',
    BROKERED,
    ['lift-revocation', 'revoke-session'],
  ],
  ['change another role', 'iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`, []],
  ['attach a policy to the brokered role', 'iam:AttachRolePolicy', BROKERED, []],
  ['unbound the brokered role', 'iam:DeleteRolePermissionsBoundary', BROKERED, []],
  [
    'revoke',
    'states:StartExecution',
    REVOKE_MACHINE,
    ['apply-change', 'front-door', 'slack-app', 'token-door'],
  ],
  [
    'invoke a function',
    'lambda:InvokeFunction',
    `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:postern-assume-role`,
    [],
  ],
])('who may %s', async (_, action, resource, expected) => {
  expect(await whoMay(action, resource)).toEqual(expected);
});

test.each([
  ['seal a grant', 'kms:GenerateMac', ['validate-decision']],
  ['check a seal', 'kms:VerifyMac', ['apply-change', 'assume-role']],
  ['do anything else with the seal key', 'kms:ScheduleKeyDeletion', []],
])('who may %s', async (_, action, expected) => {
  const policy = SEAL?.policy ?? { Statement: [] };
  expect(await whoMay(action, SEAL?.arn ?? '', { resourcePolicy: policy })).toEqual(expected);
});

const leading = (key: string) => ({ context: { 'dynamodb:LeadingKeys': [key] } });

test.each([
  ['a token by query', 'dynamodb:Query', leading('token#employee1-01J'), []],
  ['a token by its key', 'dynamodb:GetItem', leading('token#employee1-01J'), ['cast-vote', 'slack-app']],
  [
    'votes',
    'dynamodb:Query',
    leading('employee1-01J'),
    [
      'cast-vote',
      'front-door',
      'request-approval',
      'slack-app',
      'tally-votes',
      'token-door',
      'update-messages',
    ],
  ],
  ['votes by their key', 'dynamodb:GetItem', leading('employee1-01J'), []],
  ['how a passkey counts', 'dynamodb:GetItem', leading('passkey#sha256:a'), ['tally-votes']],
  ['how a passkey counts, by query', 'dynamodb:Query', leading('passkey#sha256:a'), []],
  ['all of it', 'dynamodb:Scan', undefined, []],
  ['what names no key', 'dynamodb:Query', undefined, []],
])('who may read approvals: %s', async (_, action, named, expected) => {
  expect(await whoMay(action, table('postern_approvals'), named)).toEqual(expected);
});

test('review-request, which reads what attackers write, may touch no table at all', async () => {
  for (const { Properties } of Object.values(template().Resources).filter(
    ({ Type }) => Type === 'AWS::DynamoDB::Table',
  )) {
    for (const action of ['GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem']) {
      expect([
        action,
        await may('review-request', {
          action: `dynamodb:${action}`,
          resource: table(String(Properties?.TableName)),
        }),
      ]).toEqual([action, false]);
    }
  }
});

test.each([
  ['a token', 'dynamodb:PutItem', leading('token#employee1-01J'), ['request-approval']],
  ['a vote', 'dynamodb:PutItem', leading('employee1-01J'), ['cast-vote', 'slack-app']],
  ['how a passkey counts', 'dynamodb:PutItem', leading('passkey#sha256:a'), ['tally-votes']],
  ['how a passkey counts, anew', 'dynamodb:UpdateItem', leading('passkey#sha256:a'), []],
  ['how a passkey counts, away', 'dynamodb:DeleteItem', leading('passkey#sha256:a'), []],
])('who may write approvals: %s', async (_, action, named, expected) => {
  expect(await whoMay(action, table('postern_approvals'), named)).toEqual(expected);
});

test.each([
  ['write a token', 'dynamodb:PutItem', 'token#employee1-01J', ['front-door']],
  ['read a token', 'dynamodb:GetItem', 'token#employee1-01J', ['deliver-callback']],
  ['take a token away', 'dynamodb:DeleteItem', 'token#employee1-01J', ['deliver-callback']],
  ['find tokens', 'dynamodb:Query', 'token#employee1-01J', []],
  ['note what became of one', 'dynamodb:PutItem', 'employee1-01J', ['deliver-callback']],
  ['read what became of one', 'dynamodb:GetItem', 'employee1-01J', ['front-door', 'token-door']],
])('who may, of callbacks: %s', async (_, action, key, expected) => {
  expect(await whoMay(action, table('postern_callbacks'), leading(key))).toEqual(expected);
});

test.each([
  ['write', 'dynamodb:PutItem', ['access-reviews', 'run-access-reviews']],
  ['take back', 'dynamodb:DeleteItem', []],
  ['list', 'dynamodb:Query', ['access-reviews', 'run-access-reviews']],
])('who may %s decisions on access', async (_, action, expected) => {
  expect(await whoMay(action, table('postern_access_reviews'))).toEqual(expected);
});

test.each(['access-reviews', 'run-access-reviews'])(
  '%s neither votes, claims, revokes nor writes a principal',
  async (name) => {
    for (const [action, resource] of [
      ['states:SendTaskSuccess', MACHINE],
      ['states:StartExecution', REVOKE_MACHINE],
      ['dynamodb:UpdateItem', table('postern_requests')],
      ['dynamodb:PutItem', table('users_table')],
      ['dynamodb:PutItem', table('policy_table')],
      ['sts:AssumeRole', BROKERED],
    ] as const)
      expect([action, await may(name, { action, resource })]).toEqual([action, false]);
    expect(
      await may(name, {
        action: 'dynamodb:PutItem',
        resource: table('postern_approvals'),
        ...leading('employee1-01J'),
      }),
    ).toBe(false);
  },
);

const attributes = (...names: string[]) => ({ context: { 'dynamodb:Attributes': names } });
const OF_A_NEW_ROW = ['requestId', 'principalId', 'reason', 'status'];

test.each([
  ['a new one', attributes(...OF_A_NEW_ROW), ['access-reviews', 'front-door', 'slack-app', 'token-door']],
  ['a change', attributes(...OF_A_NEW_ROW, 'change'), ['access-reviews', 'front-door', 'token-door']],
  ['one with a claim', attributes(...OF_A_NEW_ROW, 'claim'), ['front-door', 'token-door']],
  ['one with a token of the claim', attributes(...OF_A_NEW_ROW, 'claimToken'), ['front-door', 'token-door']],
  ['one with a session', attributes(...OF_A_NEW_ROW, 'session'), ['front-door', 'token-door']],
  ['one that names nothing', undefined, ['front-door', 'token-door']],
])('who may put a request: %s', async (_, named, expected) => {
  expect(await whoMay('dynamodb:PutItem', table('postern_requests'), named)).toEqual(expected);
});

test('no function can both vote and claim', async () => {
  const voters = await whoMay('dynamodb:PutItem', table('postern_approvals'), leading('employee1-01J'));
  const claim = attributes(...OF_A_NEW_ROW, 'claim');
  const claimers = [
    ...(await whoMay('dynamodb:PutItem', table('postern_requests'), claim)),
    ...(await whoMay('dynamodb:UpdateItem', table('postern_requests'))),
  ];
  expect(voters).toEqual(['cast-vote', 'slack-app']);
  expect(claimers).toContain('front-door');
  expect(voters.filter((name) => claimers.includes(name))).toEqual([]);
});
