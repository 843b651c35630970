import { expect, it } from 'vitest';
import { nameNeeds } from '../../../gateway/identify/iam/name-needs.ts';
import { openIamData } from '../../../gateway/identify/iam/open-iam-data.ts';
import { identify } from '../../../gateway/identify/identify.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { signed } from './signed.ts';

const [models, iam] = [openModels(), openIamData()];
const PLACE = { partition: 'aws', region: 'eu-central-1', account: '111122223333' };

const json = (service: string, target: string, body: unknown) =>
  signed({
    service,
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
const ecs = (operation: string, body: unknown) =>
  json('ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, body);
const ssm = (operation: string, body: unknown) => json('ssm', `AmazonSSM.${operation}`, body);
const form = (service: string, version: string, fields: Record<string, string>) =>
  signed({
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: version, ...fields }).toString(),
  });
const ec2 = (fields: Record<string, string>) => form('ec2', '2016-11-15', fields);
const ofIam = (fields: Record<string, string>) => form('iam', '2010-05-08', fields);

/** What a call is on: the last part of each ARN; what is not known in brackets, with all that is said of it. */
function resourcesOf(call: ReturnType<typeof signed>, signingName: string): string[] {
  const named = identify({ ...call, signingName }, models);
  if ('notNamed' in named) return [named.notNamed];
  return (nameNeeds(named, PLACE, iam) ?? []).map(({ resource }) => {
    if (resource.kind === 'known') return resource.arn.split(':').slice(5).join(':');
    return resource.kind === 'none' ? 'none' : `(${resource.named?.split(':').slice(5).join(':') ?? ''})`;
  });
}

it.each([
  [
    'not what a parameter says that the operation does not have, as AWS passes over it',
    ecs('DeleteService', { service: 'web', clusterName: 'allowed', ClusterName: 'allowed' }),
    'ecs',
    ['service/default/web'],
  ],
  [
    'in a cluster that is named by its ARN',
    ecs('DeleteService', { service: 'web', cluster: 'arn:aws:ecs:eu-central-1:111122223333:cluster/blue' }),
    'ecs',
    ['service/blue/web'],
  ],
  [
    'unknown in a cluster of another account',
    ecs('DeleteService', { service: 'web', cluster: 'arn:aws:ecs:eu-central-1:999900001111:cluster/blue' }),
    'ecs',
    ['()'],
  ],
  ['a revision', ecs('RunTask', { taskDefinition: 'web:7' }), 'ecs', ['task-definition/web:7']],
  ['unknown where the newest revision is meant', ecs('RunTask', { taskDefinition: 'web' }), 'ecs', ['()']],
  [
    'a deployment, and the service that its ARN says',
    ecs('StopServiceDeployment', {
      serviceDeploymentArn: 'arn:aws:ecs:eu-central-1:111122223333:service-deployment/blue/web/1',
    }),
    'ecs',
    ['service/blue/web', 'service-deployment/blue/web/1'],
  ],
  [
    'tagged, of whichever kinds the ids are',
    ec2({
      Action: 'CreateTags',
      'ResourceId.1': 'i-0123456789abcdef0',
      'ResourceId.2': 'vpce-svc-0123456789abcdef0',
      'ResourceId.3': 'snap-1a2b3c4d',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'payments',
    }),
    'ec2',
    [
      'instance/i-0123456789abcdef0',
      'vpc-endpoint-service/vpce-svc-0123456789abcdef0',
      'snapshot/snap-1a2b3c4d',
    ],
  ],
  [
    'unknown where an id says no kind',
    ec2({
      Action: 'DeleteTags',
      'ResourceId.1': 'key-0123456789abcdef0',
      'ResourceId.2': 'i-*',
      'ResourceId.3': 'vol-0123456789abcdef0',
    }),
    'ec2',
    ['()', '()', 'volume/vol-0123456789abcdef0'],
  ],
  [
    'a copy’s source, and what it makes',
    ec2({ Action: 'CopySnapshot', SourceRegion: 'us-west-2', SourceSnapshotId: 'snap-1a2b3c4d' }),
    'ec2',
    ['snapshot/*', 'snapshot/snap-1a2b3c4d'],
  ],
  [
    'unknown where a copy does not say from where',
    ec2({ Action: 'CopySnapshot', SourceSnapshotId: 'snap-1a2b3c4d' }),
    'ec2',
    ['()'],
  ],
  [
    'an image that is made, under no name that the call has',
    ec2({ Action: 'CreateImage', InstanceId: 'i-0123456789abcdef0', Name: 'ami-1a2b3c4d' }),
    'ec2',
    ['image/*', 'instance/i-0123456789abcdef0', 'snapshot/*'],
  ],
  ['the same of one that is registered', ec2({ Action: 'RegisterImage', Name: 'web' }), 'ec2', ['image/*']],
  [
    'what the model calls an instance’s id, whatever the parameter is called',
    ec2({
      Action: 'ReportInstanceStatus',
      'InstanceId.1': 'i-1',
      'InstanceId.2': 'i-2',
      Status: 'impaired',
      'ReasonCode.1': 'other',
    }),
    'ec2',
    ['instance/i-1', 'instance/i-2'],
  ],
  [
    'what stands within other parameters',
    ec2({
      Action: 'ModifyInstanceCreditSpecification',
      'InstanceCreditSpecification.1.InstanceId': 'i-1',
      'InstanceCreditSpecification.2.InstanceId': 'i-2',
    }),
    'ec2',
    ['instance/i-1', 'instance/i-2'],
  ],
  [
    'what instances are made of, and what is made with them',
    ec2({
      Action: 'RunInstances',
      MinCount: '1',
      MaxCount: '1',
      ImageId: 'ami-1',
      SubnetId: 'subnet-1',
      'SecurityGroupId.1': 'sg-1',
      'NetworkInterface.1.SubnetId': 'subnet-2',
    }),
    'ec2',
    [
      ...['image/ami-1', 'instance/*', 'network-interface/*', 'security-group/sg-1'],
      ...['subnet/subnet-1', 'subnet/subnet-2', 'volume/*'],
    ],
  ],
  [
    'unknown by a name where its ARN has an id',
    ec2({ Action: 'DeleteLaunchTemplate', LaunchTemplateName: 'web' }),
    'ec2',
    ['()'],
  ],
  [
    'known by that id',
    ec2({ Action: 'DeleteLaunchTemplate', LaunchTemplateId: 'lt-1' }),
    'ec2',
    ['launch-template/lt-1'],
  ],
  [
    'unknown, and its action named, where an operation is newer than what is known of IAM',
    ec2({ Action: 'GetImageFindings', ImageId: 'ami-1' }),
    'ec2',
    ['()'],
  ],
  [
    'of the kind that its type says, and of no other',
    ssm('AddTagsToResource', { ResourceType: 'Parameter', ResourceId: 'prod/db', Tags: [] }),
    'ssm',
    ['parameter/prod/db'],
  ],
  [
    'unknown by a type that is none',
    ssm('AddTagsToResource', { ResourceType: 'Other', ResourceId: 'prod/db', Tags: [] }),
    'ssm',
    ['()'],
  ],
  [
    'a role that is made, with its path',
    ofIam({ Action: 'CreateRole', RoleName: 'web', Path: '/team/', AssumeRolePolicyDocument: '{}' }),
    'iam',
    ['role/team/web'],
  ],
  [
    'a role without a path',
    ofIam({ Action: 'CreateRole', RoleName: 'web', AssumeRolePolicyDocument: '{}' }),
    'iam',
    ['role/web'],
  ],
  [
    'unknown under a path that is none',
    ofIam({ Action: 'CreateRole', RoleName: 'web', Path: '/*/', AssumeRolePolicyDocument: '{}' }),
    'iam',
    ['(role/.../web)'],
  ],
  [
    'unknown of a role that is there, whose path is not said; its name is',
    ofIam({ Action: 'DeleteRole', RoleName: 'web' }),
    'iam',
    ['(role/.../web)'],
  ],
  ['unknown of whoever asks', ofIam({ Action: 'CreateAccessKey' }), 'iam', ['()']],
  [
    'a subscription’s topic',
    form('sns', '2010-03-31', {
      Action: 'Unsubscribe',
      SubscriptionArn: 'arn:aws:sns:eu-central-1:111122223333:a:1-2',
    }),
    'sns',
    ['a'],
  ],
  [
    'a table that is imported',
    signed({
      service: 'dynamodb',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ImportTable',
        'content-type': 'application/x-amz-json-1.0',
      },
      body: JSON.stringify({ TableCreationParameters: { TableName: 'a_table' }, InputFormat: 'CSV' }),
    }),
    'dynamodb',
    ['table/a_table'],
  ],
  [
    'a directory bucket',
    signed({ service: 's3', method: 'GET', target: '/a--use1-az4--x-s3?session' }),
    's3',
    ['bucket/a--use1-az4--x-s3'],
  ],
])('a call is on %s', (_, call, signingName, wanted) => {
  expect(resourcesOf(call, signingName)).toEqual(wanted);
});
