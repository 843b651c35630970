import { type CfnElement, CfnResource, type Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { STEP_UP_PREFIX } from './names.ts';
import type { OwnPart } from './own-parts.ts';

/** How resources of the template that a catalog could name are written in ARNs, by CloudFormation's type. */
const ARN_OF: Readonly<Record<string, readonly { service: string; name?: string; before: string }[]>> = {
  'AWS::DynamoDB::Table': [{ service: 'dynamodb', name: 'TableName', before: 'table/' }],
  'AWS::SecretsManager::Secret': [{ service: 'secretsmanager', name: 'Name', before: 'secret:' }],
  'AWS::Lambda::Function': [
    { service: 'lambda', name: 'FunctionName', before: 'function:' },
    { service: 'logs', name: 'FunctionName', before: 'log-group:/aws/lambda/' },
  ],
  'AWS::StepFunctions::StateMachine': [
    { service: 'states', name: 'StateMachineName', before: 'stateMachine:' },
    { service: 'states', name: 'StateMachineName', before: 'execution:' },
  ],
  'AWS::S3::Bucket': [{ service: 's3', name: 'BucketName', before: '' }],
  'AWS::Logs::LogGroup': [{ service: 'logs', name: 'LogGroupName', before: 'log-group:' }],
  'AWS::SQS::Queue': [{ service: 'sqs', name: 'QueueName', before: '' }],
  'AWS::SNS::Topic': [{ service: 'sns', name: 'TopicName', before: '' }],
  'AWS::Events::EventBus': [{ service: 'events', name: 'Name', before: 'event-bus/' }],
  'AWS::IAM::Role': [{ service: 'iam', name: 'RoleName', before: 'role/' }],
  'AWS::IAM::ManagedPolicy': [{ service: 'iam', name: 'ManagedPolicyName', before: 'policy/' }],
  'AWS::KMS::Alias': [{ service: 'kms', name: 'AliasName', before: '' }],
};

/** What the demo bank is made of, which is brokered. */
const NOT_OF_THE_BROKER = /^DemoBank(\/|$)/;
/** CloudFormation shortens long logical ids in the names that it makes; so much of them is always there. */
const UNCUT_OF_LOGICAL_ID = 16;

/**
 * The broker's parts by the stack's own resources. Where CloudFormation names one, it is known by how such a name
 * begins. Secrets of approvers are made beside the stack, by a name that the stack's permissions hold.
 */
export function ownPartsOf(stack: Stack): OwnPart[] {
  const parts = stack.node.findAll().flatMap((made) => partsOf(stack, made));
  return [...parts, { service: 'secretsmanager', resource: `secret:${STEP_UP_PREFIX}/`, isBeginning: true }];
}

function partsOf(stack: Stack, made: IConstruct): OwnPart[] {
  if (!CfnResource.isCfnResource(made)) return [];
  if (NOT_OF_THE_BROKER.test(made.node.path.slice(stack.node.path.length + 1))) return [];
  const forms = ARN_OF[made.cfnResourceType] ?? [];
  if (forms.length === 0) return [];
  const properties = propertiesOf(stack, made);
  return forms.map(({ service, name = '', before }) => {
    const written = properties[name];
    const generated = `${stack.stackName}-${logicalIdOf(stack, made).slice(0, UNCUT_OF_LOGICAL_ID)}`;
    const isBeginning = typeof written !== 'string';
    const named = isBeginning ? generated : written;
    return { service, resource: `${before}${service === 's3' ? named.toLowerCase() : named}`, isBeginning };
  });
}

const logicalIdOf = (stack: Stack, made: CfnElement): string => String(stack.resolve(made.logicalId));

/** The properties as the template has them. */
function propertiesOf(stack: Stack, made: CfnResource): Readonly<Record<string, unknown>> {
  const { Resources = {} } = stack.resolve(made._toCloudFormation()) as {
    Resources?: Record<string, { Properties?: Record<string, unknown> }>;
  };
  return Object.values(Resources)[0]?.Properties ?? {};
}
