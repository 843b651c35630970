import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate } from '../../policy/evaluate/evaluate.ts';
import { ACCOUNT, deployed, REGION } from '../support/function-roles.ts';
import { readPolicy } from '../support/policy/situation.ts';

const text = readFileSync('docs/examples/postern-scp.json', 'utf8');
const scp = JSON.parse(text);
const EVERYTHING = {
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:access-request`;
const EXECUTION = `arn:aws:states:${REGION}:${ACCOUNT}:execution:access-request:analyst1-01J`;
const fn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:postern-${name}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Whether a role that is allowed everything may still do something under the service control policy. */
function may(roleName: string, action: string, resource: string): boolean {
  const { outcome } = evaluate(
    {
      principal: {
        kind: 'aws',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/test`,
        issuerArn: role(roleName),
      },
      action,
      resource,
      resourceAccountId: ACCOUNT,
      context: { 'aws:PrincipalArn': role(roleName) },
    },
    {
      identity: [readPolicy(EVERYTHING, 'identity')],
      serviceControl: [[readPolicy(EVERYTHING, 'scp'), readPolicy(scp, 'scp')]],
    },
  );
  return outcome === 'allowed';
}

const CDK = `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;
/** Of other accounts, as docs/deploy.md calls it: what makes their roles. */
const DEPLOYER = 'PosternDeploy';
const GLASS = 'postern-break-glass';

test.each([
  ['complete a wait', 'states:SendTaskSuccess', MACHINE, ['postern-front-door', 'postern-slack-app', GLASS]],
  ['start a request', 'states:StartExecution', MACHINE, ['postern-front-door', 'postern-slack-app', GLASS]],
  ['run a failed request again', 'states:RedriveExecution', EXECUTION, [CDK, GLASS]],
  ['change the workflow', 'states:UpdateStateMachine', MACHINE, [CDK, GLASS]],
  [
    'invoke assume-role',
    'lambda:InvokeFunction',
    fn('assume-role'),
    ['postern-states-access-request', 'postern-restorer'],
  ],
  ["change a function's code", 'lambda:UpdateFunctionCode', fn('assume-role'), [CDK, GLASS]],
  ['assume a brokered role', 'sts:AssumeRole', role('postern-brokered-restricted'), ['postern-assume-role']],
  [
    "change a role's trust",
    'iam:UpdateAssumeRolePolicy',
    role('postern-brokered-restricted'),
    [CDK, DEPLOYER, GLASS],
  ],
  [
    "take a role's boundary",
    'iam:DeleteRolePermissionsBoundary',
    role('postern-assume-role'),
    [CDK, DEPLOYER, GLASS],
  ],
  [
    'put a policy on a brokered role',
    'iam:PutRolePolicy',
    role('postern-brokered-internal'),
    ['postern-revoke-session', 'postern-revoker', CDK, DEPLOYER, GLASS],
  ],
])('under the service control policy, %s', async (_, action, resource, allowed) => {
  const asked = [
    'admin',
    'postern-front-door',
    'postern-slack-app',
    'postern-assume-role',
    'postern-revoke-session',
    'postern-states-access-request',
    'postern-restorer',
    'postern-revoker',
    CDK,
    DEPLOYER,
    GLASS,
  ];
  const answers = await Promise.all(asked.map((name) => may(name, action, resource)));
  expect(asked.filter((_name, index) => answers[index])).toEqual(allowed);
});

test('it leaves everything else alone', async () => {
  expect(await may('admin', 'states:StartExecution', MACHINE.replace('access-request', 'other'))).toBe(true);
  expect(await may('admin', 'iam:PutRolePolicy', role('app'))).toBe(true);
  expect(await may('admin', 'iam:GetRole', role('postern-assume-role'))).toBe(true);
});

test('it takes nothing from the functions that their roles give them', async () => {
  for (const { name, policies } of deployed().roles.filter((deployedRole) =>
    deployedRole.name.startsWith('postern-'),
  )) {
    const statements = policies.flatMap(({ document }) => document.Statement as Record<string, unknown>[]);
    for (const { Effect, Action, Resource } of statements) {
      if (Effect !== 'Allow') continue;
      for (const action of [Action].flat() as string[]) {
        if (!/^(states|iam|lambda|sts):/.test(action)) continue;
        for (const resource of [Resource].flat() as string[])
          expect([name, action, await may(name, action, resource.replace('*', 'one'))]).toEqual([
            name,
            action,
            true,
          ]);
      }
    }
  }
});

test('it fits: a service control policy holds 5,120 characters, white space not counted', () => {
  expect(JSON.stringify(scp).length).toBeLessThan(5_120);
});
