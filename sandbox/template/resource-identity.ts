import { createHash } from 'node:crypto';
import type { CfnProperties, Deployment } from './types.ts';

/** What a deployed resource is called: its `Ref`, and its attributes for `Fn::GetAtt`. */
export type ResourceIdentity = { ref: string; attributes: Record<string, string> };

/** Made from the resource's type, its logical id and its properties (with intrinsics resolved). */
type Identify = (place: Place, logicalId: string, properties: CfnProperties) => ResourceIdentity;
type Place = Required<Pick<Deployment, 'accountId' | 'region' | 'partition' | 'stackName'>>;

/**
 * The identity AWS would give a resource. Names the template leaves open are made from the logical id, and ids
 * that AWS draws at random from a hash of it: the same template gives the same ARNs at every boot.
 */
export function identifyResource(
  place: Place,
  type: string,
  logicalId: string,
  properties: CfnProperties,
): ResourceIdentity {
  const identify = IDENTITIES[type] ?? anyResource(type);
  return identify(place, logicalId, properties);
}

const IDENTITIES: Record<string, Identify> = {
  'AWS::DynamoDB::Table': (place, id, { TableName }) => {
    const name = text(TableName, `${place.stackName}-${id}`);
    const arn = arnOf(place, 'dynamodb', `table/${name}`);
    return { ref: name, attributes: { Arn: arn, StreamArn: `${arn}/stream/2026-01-01T00:00:00.000` } };
  },
  'AWS::Lambda::Function': (place, id, { FunctionName }) => {
    const name = text(FunctionName, `${place.stackName}-${id}`);
    return { ref: name, attributes: { Arn: arnOf(place, 'lambda', `function:${name}`) } };
  },
  'AWS::Lambda::Version': (place, _id, { FunctionName }) => {
    const arn = `${functionArn(place, FunctionName)}:1`;
    return { ref: arn, attributes: { Version: '1', FunctionArn: arn } };
  },
  'AWS::Lambda::Alias': (place, _id, { FunctionName, Name }) => {
    const arn = `${functionArn(place, FunctionName)}:${text(Name, 'live')}`;
    return { ref: arn, attributes: { AliasArn: arn } };
  },
  'AWS::IAM::Role': (place, id, { RoleName, Path }) => {
    const name = text(RoleName, `${place.stackName}-${id}`).slice(0, 64);
    const arn = `arn:${place.partition}:iam::${place.accountId}:role${text(Path, '/')}${name}`;
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${hashOf(id).slice(0, 17).toUpperCase()}` } };
  },
  'AWS::IAM::ManagedPolicy': (place, id, { ManagedPolicyName, Path }) => {
    const name = text(ManagedPolicyName, `${place.stackName}-${id}`);
    const arn = `arn:${place.partition}:iam::${place.accountId}:policy${text(Path, '/')}${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  'AWS::StepFunctions::StateMachine': (place, id, { StateMachineName }) => {
    const name = text(StateMachineName, `${place.stackName}-${id}`);
    const arn = arnOf(place, 'states', `stateMachine:${name}`);
    return { ref: arn, attributes: { Arn: arn, Name: name } };
  },
  'AWS::KMS::Key': (place, id) => {
    const keyId = uuidOf(id);
    return { ref: keyId, attributes: { KeyId: keyId, Arn: arnOf(place, 'kms', `key/${keyId}`) } };
  },
  'AWS::SecretsManager::Secret': (place, id, { Name }) => {
    const name = text(Name, `${place.stackName}-${id}`);
    const arn = arnOf(place, 'secretsmanager', `secret:${name}-${hashOf(id).slice(0, 6)}`);
    return { ref: arn, attributes: { Id: arn } };
  },
  // The one that the sandbox serves, see edge/serve-api.ts: what roles may do there is said by its id.
  'AWS::ApiGateway::RestApi': () => ({
    ref: 'sandbox',
    attributes: { RestApiId: 'sandbox', RootResourceId: 'sandboxroot' },
  }),
  'AWS::ApiGateway::Stage': (_place, _id, { StageName }) => ({ ref: text(StageName, ''), attributes: {} }),
  'AWS::Events::EventBus': (place, id, { Name }) => {
    const name = text(Name, `${place.stackName}-${id}`);
    return { ref: name, attributes: { Name: name, Arn: arnOf(place, 'events', `event-bus/${name}`) } };
  },
  'AWS::SNS::Topic': (place, id, { TopicName }) => {
    const name = text(TopicName, `${place.stackName}-${id}`);
    const arn = arnOf(place, 'sns', name);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  'AWS::SQS::Queue': (place, id, { QueueName }) => {
    const name = text(QueueName, `${place.stackName}-${id}`);
    return {
      ref: `https://sqs.${place.region}.amazonaws.com/${place.accountId}/${name}`,
      attributes: { Arn: arnOf(place, 'sqs', name), QueueName: name },
    };
  },
  'AWS::Logs::LogGroup': (place, id, { LogGroupName }) => {
    const name = text(LogGroupName, `${place.stackName}-${id}`);
    return { ref: name, attributes: { Arn: `${arnOf(place, 'logs', `log-group:${name}`)}:*` } };
  },
  'AWS::S3::Bucket': (place, id, { BucketName }) => {
    const name = text(BucketName, `${place.stackName}-${id}`.toLowerCase());
    return { ref: name, attributes: { Arn: `arn:${place.partition}:s3:::${name}` } };
  },
};

/** A kind of resource that no service of the sandbox serves: a name and an ARN that are plausible and stable. */
function anyResource(type: string): Identify {
  const service = (type.split('::')[1] ?? 'cloudformation').toLowerCase();
  return (place, id) => {
    const name = `${place.stackName}-${id}`;
    return { ref: name, attributes: { Arn: arnOf(place, service, name), Id: name, Name: name } };
  };
}

function functionArn(place: Place, nameOrArn: unknown): string {
  const name = text(nameOrArn, '');
  return name.startsWith('arn:') ? name : arnOf(place, 'lambda', `function:${name}`);
}

function arnOf({ partition, region, accountId }: Place, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function hashOf(logicalId: string): string {
  return createHash('sha256').update(logicalId).digest('hex');
}

function uuidOf(logicalId: string): string {
  return hashOf(logicalId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
