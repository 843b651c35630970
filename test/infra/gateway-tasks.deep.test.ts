import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { deriveKeys } from '../../gateway/keys/derive-keys.ts';
import { makeApp } from '../../infra/app.ts';
import { DEFAULT_SETTINGS, parseSettings } from '../../infra/settings.ts';
import { gatewaySchema } from '../../lambdas/shared/domain/identity/delegation.ts';
import type { CfnTemplate, CfnValue } from '../../sandbox/template/types.ts';
import { synthOnce } from '../support/synth-once.ts';
import { withGatewayTasks } from '../support/with-gateway-tasks.ts';

const ENDPOINTS = ['vpce-0123456789abcdef0'];
const template = () => synthOnce({ demo: false, settings: withGatewayTasks() });
const without = () => synthOnce({ demo: false, settings: DEFAULT_SETTINGS });
const ofType = ({ Resources }: CfnTemplate, type: string) =>
  Object.values(Resources).filter(({ Type }) => Type === type);
/** The gateway's own resources: what the template has not without the setting. */
const own = () =>
  Object.fromEntries(Object.entries(template().Resources).filter(([id]) => !(id in without().Resources)));
const roleNamed = (from: CfnTemplate, name: string) =>
  ofType(from, 'AWS::IAM::Role').find(({ Properties }) => Properties?.RoleName === name)?.Properties;
type Statement = { Effect: string; Action: string | string[]; Resource: CfnValue; Condition?: CfnValue };
const statementsOf = (from: CfnTemplate, name: string): Statement[] => {
  const policies = (roleNamed(from, name)?.Policies ?? []) as unknown as {
    PolicyDocument: { Statement: Statement[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};
const actionsOf = (statements: readonly Statement[]) =>
  statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);

test('without the setting nothing of it is in the template', () => {
  expect(ofType(without(), 'AWS::ECS::Service')).toEqual([]);
  for (const [id, resource] of Object.entries(without().Resources))
    if (resource.Type !== 'AWS::Lambda::Function') expect(template().Resources[id]).toEqual(resource);
});

test('what the setting adds is what it was', () => {
  expect(own()).toMatchSnapshot();
});

describe('its role', () => {
  test('may do this and nothing else', () => {
    expect(actionsOf(statementsOf(template(), 'postern-gateway')).sort()).toEqual(
      [
        'execute-api:Invoke',
        ...[
          'dynamodb:BatchGetItem',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
        ],
        ...['kms:Decrypt', 'kms:GenerateDataKey', 'kms:VerifyMac', 's3:PutObject'],
      ].sort(),
    );
  });

  test.each([
    'sts:AssumeRole',
    'kms:GenerateMac',
    's3:GetObject',
    'dynamodb:DeleteItem',
    'dynamodb:Scan',
    'dynamodb:Query',
    'states:StartExecution',
    'secretsmanager:GetSecretValue',
    'iam:PassRole',
  ])('may never %s', (action) => {
    const service = action.split(':')[0];
    const allowed = actionsOf(statementsOf(template(), 'postern-gateway'));
    expect(allowed).not.toContain(action);
    expect(allowed).not.toContain('*');
    expect(allowed).not.toContain(`${service}:*`);
  });

  test('calls of the API only what a gateway calls', () => {
    const invoke = statementsOf(template(), 'postern-gateway').find(
      ({ Action }) => Action === 'execute-api:Invoke',
    );
    const routes = ((invoke?.Resource ?? []) as unknown as object[]).map((arn) => {
      const text = JSON.stringify(arn);
      return /\/(?:POST|GET)\/.*?(?=")/.exec(text)?.[0];
    });
    expect(routes).toEqual([
      '/POST/delegations',
      '/POST/requests',
      '/GET/requests/*',
      '/POST/requests/*/credentials',
      '/POST/calls',
    ]);
  });

  test('has its own items of a shared table alone', () => {
    const [shared] = statementsOf(template(), 'postern-gateway').filter(({ Action }) =>
      Action.includes('dynamodb:UpdateItem'),
    );
    expect(shared?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['gateway#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  });

  test('is worth nothing outside its endpoints, where they are named', () => {
    const denied = (vpcEndpointIds: string[]) =>
      statementsOf(
        synthOnce({ demo: false, settings: withGatewayTasks({ vpcEndpointIds }) }),
        'postern-gateway',
      ).filter(({ Effect }) => Effect === 'Deny');
    expect(denied([])).toEqual([]);
    expect(denied(ENDPOINTS)).toEqual([
      {
        ...{ Effect: 'Deny', Action: '*', Resource: '*' },
        Condition: {
          StringNotEquals: { 'aws:SourceVpce': ENDPOINTS },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      },
    ]);
  });

  test('is taken by tasks of this account alone', () => {
    expect(roleNamed(template(), 'postern-gateway')?.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});

describe('its tasks', () => {
  const service = (settings = withGatewayTasks()) =>
    JSON.stringify(ofType(synthOnce({ demo: false, settings }), 'AWS::ECS::Service'));

  test('have no public address, whatever the load balancer has', () => {
    const schemeOf = (settings = withGatewayTasks()) =>
      ofType(synthOnce({ demo: false, settings }), 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0]?.Properties
        ?.Scheme;
    expect([schemeOf(), schemeOf(withGatewayTasks({ isPublic: true }))]).toEqual([
      'internal',
      'internet-facing',
    ]);
    for (const settings of [withGatewayTasks(), withGatewayTasks({ isPublic: true })])
      expect(service(settings)).toContain('"AssignPublicIp":"DISABLED"');
  });

  test('have the seed from its secret, and nowhere is it in the template', () => {
    const [task] = ofType(template(), 'AWS::ECS::TaskDefinition');
    const containers = JSON.stringify(task?.Properties?.ContainerDefinitions);
    expect(containers).toContain('"Secrets":[{"Name":"GATEWAY_SEED","ValueFrom":"arn:aws:secretsmanager:');
    expect(containers).not.toMatch(/"Name":"GATEWAY_SEED","Value"/);
    expect(containers).toMatch(/"ReadonlyRootFilesystem":true/);
    expect(containers).toMatch(/"User":"node"/);
  });

  test('are reached over TLS, through the balancer alone, by whom the setting names', () => {
    const groups = ofType(template(), 'AWS::EC2::SecurityGroup').map(
      ({ Properties }) => Properties?.SecurityGroupIngress,
    );
    expect(groups).toEqual([
      [expect.objectContaining({ CidrIp: '10.0.0.0/8', FromPort: 443, ToPort: 443 })],
      [expect.objectContaining({ SourceSecurityGroupId: expect.anything(), FromPort: 4782 })],
    ]);
    expect(JSON.stringify(groups[1])).not.toContain('CidrIp');
    expect(ofType(template(), 'AWS::ElasticLoadBalancingV2::Listener')[0]?.Properties).toMatchObject({
      Protocol: 'TLS',
      Port: 443,
    });
  });

  test('have as long to end as load balancer and Fargate give, and are looked at', () => {
    const [targets] = ofType(template(), 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(targets?.Properties).toMatchObject({
      HealthCheckPath: '/_postern/health',
      HealthCheckProtocol: 'HTTP',
    });
    expect(JSON.stringify(targets?.Properties?.TargetGroupAttributes)).toContain('"Value":"120"');
    const [task] = ofType(template(), 'AWS::ECS::TaskDefinition');
    expect(JSON.stringify(task)).toContain('"StopTimeout":120');
    const alarms = ofType(template(), 'AWS::CloudWatch::Alarm').map(
      ({ Properties }) => Properties?.AlarmName,
    );
    expect(alarms).toEqual(
      expect.arrayContaining(
        ['GatewayUnhealthy', 'GatewayBusy', 'GatewayRecordsLost', 'GatewayDefects'].map(
          (name) => `postern-${name}`,
        ),
      ),
    );
  });
});

test('cdk-nag finds nothing that is not justified beside its construct', () => {
  const app = makeApp({ demo: false, settings: withGatewayTasks({ vpcEndpointIds: ENDPOINTS }) });
  app.synth();
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  const findings = violations.map(({ ruleName, violatingResources }) => [
    ruleName,
    violatingResources.map((found) => found.constructPath),
  ]);
  expect(findings).toEqual([]);
});

test.each([
  ['no gateway that the broker knows', { gatewayTasks: {} }, /gatewayTasks\.image/],
  ['one subnet', { subnetIds: ['subnet-0123456789abcdef0'] }, /subnetIds/],
  [
    'an image by a tag',
    { image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/x:latest' },
    /by its digest/,
  ],
  ['everybody let in by no range', { allowedCidrs: [] }, /allowedCidrs/],
])('%s stops before anything is deployed', (_, more, problem) => {
  const make = () => ('gatewayTasks' in more ? parseSettings(JSON.stringify(more)) : withGatewayTasks(more));
  expect(make).toThrow(problem);
});

test('the command that draws a seed prints what the gateway is registered with', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/gateway-seed.ts']);
  const { seed, publicKey, recordKey } = JSON.parse(stdout);
  const roleArn = 'arn:aws:iam::123456789012:role/postern-gateway';
  expect(gatewaySchema.parse({ roleArn, publicKey, recordKey })).toBeTruthy();
  const made = deriveKeys(Buffer.from(seed, 'base64url'));
  expect([made.publicKey, made.recordKey]).toEqual([publicKey, recordKey]);
});

test('a gateway that runs has to be one that the broker knows', () => {
  const { gatewayTasks } = withGatewayTasks();
  expect(() => parseSettings(JSON.stringify({ gatewayTasks }))).toThrow(/as the first of "gateways"/);
});
