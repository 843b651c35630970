import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { WORKFLOWS } from '../../infra/constructs/workflow.ts';
import { METRICS } from '../../lambdas/shared/domain/measurement.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import type { CfnResource } from '../../sandbox/template/types.ts';
import { template } from '../support/template.ts';

const DEPLOYMENT = { accountId: '123456789012', region: 'eu-central-1' };
const resolved = resolveTemplate(template(), DEPLOYMENT);
const ofType = (type: string): [string, CfnResource][] =>
  Object.entries(template().Resources).filter(([, resource]) => resource.Type === type);

type Statement = { Effect: string; Action: string | string[]; Resource?: string | string[] };
const statementsOf = (document: { Statement: unknown }) => document.Statement as Statement[];
const list = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

/** Functions that no state invokes: the API's, and those that events call. */
const OTHER_FUNCTIONS = [
  'access-reviews',
  'archive-audit',
  'cast-vote',
  'check-session',
  'close-request',
  'deliver-callback',
  'deliver-webhook',
  'front-door',
  'list-catalog',
  'publish-events',
  'read-records',
  'rejoin-archive',
  'run-access-reviews',
  'scim',
  'sign-heads',
  'slack-app',
  'sync-people',
  'take-fact',
  'tell-suspension',
  'token-door',
  'update-messages',
];

test('the functions are those of the states, and these others', () => {
  const names = resolved.functions.map(({ name }) => name.replace('postern-', '')).sort();
  expect(names).toEqual([...Object.values(WORKFLOWS).flat(), ...OTHER_FUNCTIONS].sort());
});

test('the state machines are these', () => {
  expect(resolved.stateMachines.map(({ name }) => name).sort()).toEqual(['access-request', 'revoke-session']);
});

test.each(resolved.stateMachines)(
  '$name may invoke the functions of its states, and nothing else',
  (machine) => {
    const role = resolved.roles.find(({ arn }) => arn === machine.roleArn);
    const invocable = (role?.policies ?? [])
      .flatMap(({ document }) => statementsOf(document))
      .filter(({ Action }) => list(Action).includes('lambda:InvokeFunction'))
      .flatMap(({ Resource }) => list(Resource))
      .map((arn) => arn.replace(/^.*:function:postern-/, '').replace(/:\*$/, ''));
    expect([...new Set(invocable)].sort()).toEqual(
      [...(WORKFLOWS[machine.name as keyof typeof WORKFLOWS] ?? [])].sort(),
    );
  },
);

test.each(resolved.stateMachines)('$name is its file, once its references are filled in', (machine) => {
  const file = readFileSync(`statemachines/${machine.name}.asl.json`, 'utf8')
    .replace(/\$\{(\w+)FunctionArn\}/g, (_, name: string) => {
      const folder = name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
      return `arn:aws:lambda:eu-central-1:123456789012:function:postern-${folder}`;
    })
    .replaceAll('${Partition}', 'aws');
  expect(machine.definition).toEqual(JSON.parse(file));
});

test("what each function's role may do is this, and a change of it is a change of the case file", async () => {
  const functions = new Set(resolved.functions.map(({ roleName }) => roleName));
  const short = (arn: string) =>
    resolved.keys
      .reduce((named, key) => named.replaceAll(key.id, key.logicalId.replace(/[0-9A-F]{8}$/, '')), arn)
      .replaceAll('eu-central-1:123456789012', '…')
      .replaceAll('123456789012', '…');
  const lines = resolved.roles
    .filter(({ name }) => functions.has(name) || name.startsWith('postern-brokered-'))
    .sort((left, right) => left.name.localeCompare(right.name))
    .flatMap(({ name, policies }) => [
      name,
      ...policies.flatMap(({ document }) =>
        statementsOf(document).map(({ Effect, Action, ...rest }) => {
          const { Resource, NotResource, Condition } = rest as Record<string, string | string[] | undefined>;
          const on =
            Resource === undefined
              ? `everything but ${list(NotResource).map(short).join(' ')}`
              : list(Resource).map(short).join(' ');
          return `  ${Effect === 'Allow' ? 'may' : 'MAY NOT'} ${list(Action).join(' ')}\n      on ${on}${Condition ? `\n      if ${short(JSON.stringify(Condition))}` : ''}`;
        }),
      ),
      '',
    ]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../cases/infra/statements-by-role.txt');
});

test('what outlives the stack goes with a first deployment that fails, and its name does not block the next', () => {
  const kept = Object.entries(template().Resources).filter(
    ([, { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' }]) =>
      DeletionPolicy !== 'Delete' || UpdateReplacePolicy !== 'Delete',
  );
  const types = new Set(kept.map(([, { Type }]) => Type));
  for (const type of [
    'DynamoDB::Table',
    'Logs::LogGroup',
    'SecretsManager::Secret',
    'SQS::Queue',
    'S3::Bucket',
  ])
    expect(types).toContain(`AWS::${type}`);
  for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of kept)
    expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'RetainExceptOnCreate', 'Retain']);
});

test('no table of a first deployment is protected: CloudFormation could not take it away again', () => {
  const first = synthTemplate({ demo: true, isFirst: true }).Resources as Record<string, CfnResource>;
  const protectionIn = (resources: Record<string, CfnResource>) =>
    Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::DynamoDB::Table')
      .map(({ Properties }) => Properties?.DeletionProtectionEnabled);
  expect(new Set(protectionIn(first))).toEqual(new Set([false]));
  expect(new Set(protectionIn(template().Resources))).toEqual(new Set([true]));
});

/** Actions that AWS lets nobody limit to a resource. */
const TAKES_NO_RESOURCE = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'dynamodb:ListStreams',
]);

test('two functions never share a role, and a role names no wildcard resource but where AWS takes none', () => {
  const roles = resolved.functions.map(({ roleName }) => roleName);
  expect(new Set(roles).size).toBe(roles.length);
  for (const { name, policies } of resolved.roles.filter((role) => roles.includes(role.name))) {
    const resources = policies.flatMap(({ document }) =>
      statementsOf(document)
        .filter(({ Action }) => !list(Action).every((action) => TAKES_NO_RESOURCE.has(action)))
        .flatMap(({ Resource }) => list(Resource)),
    );
    expect([name, resources.filter((resource) => resource === '*')]).toEqual([name, []]);
  }
});

test("the brokered roles' inline space is left to the denials of revoked sessions", () => {
  const brokered = ofType('AWS::IAM::Role').filter(([, { Properties }]) =>
    String(Properties?.RoleName).startsWith('postern-brokered-'),
  );
  expect(brokered.map(([, { Properties }]) => Properties?.Policies)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('every table is recoverable and hard to delete', () => {
  for (const [id, { Properties }] of ofType('AWS::DynamoDB::Table')) {
    expect([id, Properties]).toMatchObject([
      id,
      {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ]);
  }
});

test("the broker's own tables are encrypted with its own key", () => {
  const encrypted = ofType('AWS::DynamoDB::Table')
    .filter(([, { Properties }]) => JSON.stringify(Properties?.SSESpecification ?? {}).includes('KeysData'))
    .map(([, { Properties }]) => Properties?.TableName);
  expect(encrypted.sort()).toEqual([
    'policy_table',
    'postern_access_reviews',
    'postern_approvals',
    'postern_audit',
    'postern_aws_principals',
    'postern_callbacks',
    'postern_calls',
    'postern_delegations',
    'postern_denials',
    'postern_directory',
    'postern_facts',
    'postern_idempotency',
    'postern_messages',
    'postern_once',
    'postern_requests',
    'postern_reviews',
    'postern_usage',
    'postern_versions',
    'users_table',
  ]);
});

test('rows of requests and votes go away in time; audit records, principals, policies and denials never', () => {
  const kept = ofType('AWS::DynamoDB::Table')
    .filter(([, { Properties }]) => !Properties?.TimeToLiveSpecification)
    .map(([, { Properties }]) => String(Properties?.TableName))
    .filter((name) => !name.startsWith('bank_') && name !== 'support_requests');
  expect(kept.sort()).toEqual([
    'policy_table',
    'postern_access_reviews',
    'postern_audit',
    'postern_aws_principals',
    'postern_calls',
    'postern_denials',
    'postern_directory',
    'postern_versions',
    'users_table',
  ]);
});

test('no variable of a function holds a secret: secrets are named, and read when needed', () => {
  for (const { name, env } of resolved.functions) {
    const suspicious = Object.entries(env).filter(
      ([key, value]) => /SECRET|TOKEN|PASSWORD|KEY/.test(key) && !value.startsWith('arn:'),
    );
    expect([name, suspicious.filter(([key]) => key !== 'REQUIRE_RECIPIENT_KEY')]).toEqual([name, []]);
  }
});

test.each(ofType('AWS::StepFunctions::StateMachine'))(
  '%s logs no execution data, and has a key of its own',
  (_, machine) => {
    expect(machine.Properties).toMatchObject({
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
  },
);

test("every path of the API is signed but its description, its health and Slack's calls, which Slack signs", () => {
  const unsigned = resolved.routes
    .filter(({ authorization }) => authorization !== 'AWS_IAM')
    .map(({ path }) => path);
  expect(unsigned.sort()).toEqual(['/healthz', '/openapi.json', '/slack/events']);
});

test('every metric that functions emit is on the dashboard or raises an alarm', () => {
  const shown = JSON.stringify([
    ...ofType('AWS::CloudWatch::Dashboard'),
    ...ofType('AWS::CloudWatch::Alarm'),
  ]);
  expect(Object.keys(METRICS).filter((name) => !shown.includes(name))).toEqual([]);
});
