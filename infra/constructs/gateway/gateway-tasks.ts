import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnCluster, CfnService, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnListener, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { GatewayTasksSettings } from '../../gateway-settings.ts';
import { allow } from '../../grants/allow.ts';
import { justify, justifyWildcard } from '../../justify.ts';
import { TABLE_NAMES } from '../../names.ts';
import type { Archive } from '../storage/archive.ts';
import type { Keys } from '../storage/keys.ts';
import type { Tables } from '../storage/tables.ts';
import { GatewayRole } from './gateway-role.ts';

type Props = {
  readonly settings: GatewayTasksSettings;
  /** As the broker knows it: deployment.json's `gateways`. */
  readonly roleArn: string;
  readonly tables: Tables;
  readonly keys: Keys;
  readonly archive: Archive;
  readonly rest: RestApi;
};

const PORT = 4782;
/** Seconds that a task has to let its calls come to their end; Fargate's most. */
const STOP_SECONDS = 120;
const HEALTH = '/_postern/health';

/** The gateway: Fargate tasks behind a network load balancer, which ends TLS and passes on what it is sent as it is. */
export class GatewayTasks extends Construct {
  readonly balancer: CfnLoadBalancer;
  readonly targets: CfnTargetGroup;
  readonly service: CfnService;
  readonly cluster: CfnCluster;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { settings } = props;
    const { vpcId, subnetIds, allowedCidrs, isPublic, certificateArn } = settings;
    this.log = new LogGroup(this, 'Log', {
      logGroupName: '/postern/gateway',
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const around = new CfnSecurityGroup(this, 'AroundBalancer', {
      groupDescription: 'Postern: who may connect to the gateway',
      vpcId,
      securityGroupIngress: allowedCidrs.map((cidrIp) => ({
        ...{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp },
        description: 'Clients of the gateway',
      })),
      securityGroupEgress: [
        { ipProtocol: 'tcp', fromPort: PORT, toPort: PORT, cidrIp: '0.0.0.0/0', description: 'Its tasks' },
      ],
    });
    const aroundTasks = new CfnSecurityGroup(this, 'AroundTasks', {
      groupDescription: 'Postern: tasks of the gateway, reached through the balancer alone',
      vpcId,
      securityGroupIngress: [
        {
          ...{ ipProtocol: 'tcp', fromPort: PORT, toPort: PORT },
          sourceSecurityGroupId: around.attrGroupId,
          description: 'The load balancer',
        },
      ],
      securityGroupEgress: [
        { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0', description: 'AWS' },
      ],
    });
    this.balancer = new CfnLoadBalancer(this, 'Balancer', {
      name: 'postern-gateway',
      type: 'network',
      scheme: isPublic ? 'internet-facing' : 'internal',
      subnets: [...subnetIds],
      securityGroups: [around.attrGroupId],
      loadBalancerAttributes: [
        { key: 'load_balancing.cross_zone.enabled', value: 'true' },
        { key: 'deletion_protection.enabled', value: 'true' },
      ],
    });
    this.targets = new CfnTargetGroup(this, 'Targets', {
      ...{ name: 'postern-gateway', port: PORT, protocol: 'TCP', targetType: 'ip', vpcId },
      ...{ healthCheckProtocol: 'HTTP', healthCheckPath: HEALTH, healthCheckIntervalSeconds: 10 },
      ...{ healthyThresholdCount: 2, unhealthyThresholdCount: 2 },
      targetGroupAttributes: [
        { key: 'deregistration_delay.timeout_seconds', value: String(STOP_SECONDS) },
        // Calls that are under way go on where they are until they have ended.
        { key: 'deregistration_delay.connection_termination.enabled', value: 'false' },
      ],
    });
    const listener = new CfnListener(this, 'Listener', {
      loadBalancerArn: this.balancer.ref,
      ...{ port: 443, protocol: 'TLS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' },
      certificates: [{ certificateArn }],
      defaultActions: [{ type: 'forward', targetGroupArn: this.targets.ref }],
    });
    this.cluster = new CfnCluster(this, 'Cluster', {
      clusterName: 'postern-gateway',
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    this.service = new CfnService(this, 'Service', {
      ...{ serviceName: 'postern-gateway', cluster: this.cluster.ref, launchType: 'FARGATE' },
      taskDefinition: this.#defineTask(props).ref,
      desiredCount: settings.tasks,
      healthCheckGracePeriodSeconds: 60,
      deploymentConfiguration: {
        ...{ minimumHealthyPercent: 100, maximumPercent: 200 },
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      enableExecuteCommand: false,
      networkConfiguration: {
        awsvpcConfiguration: {
          ...{ subnets: [...subnetIds], securityGroups: [aroundTasks.attrGroupId] },
          assignPublicIp: 'DISABLED',
        },
      },
      loadBalancers: [{ containerName: 'gateway', containerPort: PORT, targetGroupArn: this.targets.ref }],
    });
    this.service.addResourceDependency(listener);
    justify(
      this.balancer,
      'AwsSolutions-ELB2',
      'Every call is recorded by the gateway, refusals among them.',
    );
    justify(around, 'AwsSolutions-EC23', 'deployment.json names who may connect.');
  }

  #defineTask({ settings, roleArn, tables, keys, archive, rest }: Props): CfnTaskDefinition {
    const { region, account, partition } = Stack.of(this);
    const { image, hostName, seedSecretArn, vpcEndpointIds } = settings;
    const roleName = roleArn.split('/').at(-1) ?? '';
    const { role } = new GatewayRole(this, 'Role', { roleName, tables, keys, archive, rest, vpcEndpointIds });
    const repository = /amazonaws\.com(?:\.cn)?\/(.+)@/.exec(image)?.[1] ?? '';
    const [owner = '', , , place = ''] = image.split('.');
    const starter = new Role(this, 'Starter', {
      roleName: 'postern-gateway-starter',
      description: 'Postern: starts tasks of the gateway, and does nothing else',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      inlinePolicies: {
        start: new PolicyDocument({
          statements: [
            allow(['ecr:GetAuthorizationToken'], '*'),
            allow(
              ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
              `arn:${partition}:ecr:${place}:${owner}:repository/${repository}`,
            ),
            allow(['secretsmanager:GetSecretValue'], seedSecretArn),
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], this.log.logGroupArn),
          ],
        }),
      },
    });
    justifyWildcard(starter, '*', 'A token of ECR’s takes no resource.');
    justifyWildcard(starter, this.log.logGroupArn, 'A log group’s ARN ends in its streams.');
    const variables: Readonly<Record<string, string>> = {
      ...{ AWS_REGION: region, GATEWAY_ROLE_ARN: role.roleArn, GATEWAY_HOSTS: hostName },
      ...{ POSTERN_API: rest.url, ARCHIVE_URL: archive.url, SEAL_KEY_ID: keys.sealArn },
      ...{ DELEGATIONS_TABLE: TABLE_NAMES.delegations, PRINCIPALS_TABLE: TABLE_NAMES.principals },
      ...{ CALLS_TABLE: TABLE_NAMES.calls, ONCE_TABLE: TABLE_NAMES.once },
    };
    const defined = new CfnTaskDefinition(this, 'Task', {
      family: 'postern-gateway',
      ...{ cpu: '1024', memory: '2048', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      taskRoleArn: role.roleArn,
      executionRoleArn: starter.roleArn,
      containerDefinitions: [
        {
          ...{ name: 'gateway', image, essential: true, user: 'node', readonlyRootFilesystem: true },
          ...{ stopTimeout: STOP_SECONDS, portMappings: [{ containerPort: PORT, protocol: 'tcp' }] },
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
          environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
          secrets: [{ name: 'GATEWAY_SEED', valueFrom: seedSecretArn }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              ...{ 'awslogs-group': this.log.logGroupName, 'awslogs-region': region },
              'awslogs-stream-prefix': 'gateway',
            },
          },
        },
      ],
    });
    justify(
      defined,
      'AwsSolutions-ECS2',
      'Names of tables and keys are no secrets; the seed is not among them.',
    );
    return defined;
  }
}
