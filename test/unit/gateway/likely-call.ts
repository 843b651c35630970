import { ACTIONS, PREFIXES } from '../../../gateway/identify/iam/exceptions.ts';
import type { IamService } from '../../../gateway/identify/iam/open-iam-data.ts';
import type { Member } from '../../../gateway/identify/model.ts';
import type { NamedCall } from '../../../gateway/identify/named-call.ts';
import type { Operation, Service } from '../../../gateway/identify/read-models.ts';

export const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const FIXED: Readonly<Record<string, string>> = {
  ...{ Partition: PLACE.partition, Region: PLACE.region, Account: PLACE.account },
};

export const prefixOf = ({ signing }: Service): string => PREFIXES[signing] ?? signing;

const core = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:identifier|names?|ids?|arns?|url)$/, '');

/** Parameters that take ARNs of whatever the action is on. */
const SAYS_NO_KIND = /^(?:resource|target|source)?(?:arns?|arnlist|name|identifier)?$|^SerialNumber$/i;

/** An ARN as the parameter would have it: of the kind that it is called after, or that the action is on. */
function arnFor(name: string, operation: Operation, service: IamService): string {
  const kinds = Object.entries(service.resources);
  const [action = operation.name] = ACTIONS[service.prefix]?.[operation.name] ?? [];
  const own = (service.action(action.slice(action.indexOf(':') + 1))?.row[1] ?? []).map(([kind]) => kind);
  const isNamed = (kind: string) => core(kind) === core(name);
  const found =
    kinds.find(([kind]) => isNamed(kind) && own.includes(kind)) ??
    kinds.find(([kind]) => isNamed(kind)) ??
    (SAYS_NO_KIND.test(name) ? kinds.find(([kind]) => own.includes(kind)) : undefined);
  return (found?.[1][0] ?? 'arn:aws:iam::${Account}:role/abcdef').replace(
    /\$\{(\w+)\}/g,
    (_, part: string) => FIXED[part] ?? 'abcdef',
  );
}

/** Parameters that AWS documents to be ARNs, though they are not called so. */
const ARNS = new Set([
  ...['lambda:Resource', 'iam:SerialNumber', 'rds:ResourceName', 'rds:ResourceIdentifier'],
]);

/** What stands in parameters that take another text than any, and in those that hold others. */
const VALUES: Readonly<Record<string, unknown>> = {
  'sqs:QueueUrl': 'https://sqs.us-east-1.amazonaws.com/123456789012/abcdef',
  's3express:Bucket': 'abcdef--use1-az4--x-s3',
  's3:CopySource': 'bucket-one/key',
  'dynamodb:SourceTableArn': 'arn:aws:dynamodb:us-east-1:123456789012:table/abcdef',
  'sns:SubscriptionArn': 'arn:aws:sns:us-east-1:123456789012:abcdef:1234',
  'iam:OpenIDConnectProviderArn': 'arn:aws:iam::123456789012:oidc-provider/abcdef',
  'iam:Url': 'https://issuer.example',
  'rds:SourceDBInstanceArn': 'arn:aws:rds:us-east-1:123456789012:db:abcdef',
  'rds:DbClusterIdentifier': 'arn:aws:rds:us-east-1:123456789012:cluster:abcdef',
  'rds:DBInstanceAutomatedBackupsArn': 'arn:aws:rds:us-east-1:123456789012:auto-backup:abcdef',
  'logs:logGroupArnList': ['arn:aws:logs:us-east-1:123456789012:log-group:abcdef'],
  'logs:filterLogGroupArn': 'arn:aws:logs:us-east-1:123456789012:log-group:abcdef',
  'ecs:attributes': [{ name: 'abcdef', targetId: 'abcdef' }],
  's3:Delete': { Objects: [{ Key: 'abcdef' }] },
  'dynamodb:Statement': 'SELECT * FROM "abcdef"',
  'dynamodb:TableCreationParameters': { TableName: 'abcdef' },
  'ssm:ResourceType': 'ManagedInstance',
  'ec2:ResourceType': 'VPC',
  'ec2:Resources': ['i-0123456789abcdef0', 'vpce-svc-0123456789abcdef0', 'snap-1a2b3c4d'],
  'ecs:taskDefinition': 'abcdef:1',
  'ecs:taskDefinitions': ['abcdef:1'],
  'ecs:daemonTaskDefinition': 'abcdef:1',
  'iam:DeletionTaskId': 'task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/abcdef',
};
/** What stands within parameters that must be said, by the names that a form would have for them. */
const within = ({ members, within: paths }: Operation): (readonly [string, string])[] => {
  const required = members.filter(({ isRequired }) => isRequired).map(({ wire }) => wire);
  const said = paths.filter(([, path]) => required.includes(path.split('.')[0] ?? ''));
  return said.map(([, path]) => [path.replace(/\.N(?=\.|$)/g, '.1'), 'abcdef'] as const);
};

const SAYS_WHAT =
  /(?:identifiers?|names?|ids?|arns?|arnlist|cluster|services?|tasks?|instances?|key|providers|sets|groups)$/i;

function valueFor({ name, kind }: Member, operation: Operation, service: IamService): unknown {
  const [action = ''] = ACTIONS[service.prefix]?.[operation.name] ?? [];
  const known = VALUES[`${action.split(':')[0]}:${name}`] ?? VALUES[`${service.prefix}:${name}`];
  if (known !== undefined) return known;
  const isArn = /arns?$/i.test(name) || ARNS.has(`${service.prefix}:${name}`);
  const text = isArn ? arnFor(name, operation, service) : 'abcdef';
  return ({ s: text, l: [text], i: 1, b: true } as Record<string, unknown>)[kind] ?? {};
}

/** A call of an operation with all that it must say, and says by names. */
export function likelyCall(service: Service, operation: Operation, iam: IamService): NamedCall {
  const parameters = operation.members
    .filter(({ name, isRequired }) => isRequired || SAYS_WHAT.test(name))
    .map((member) => [member.name, valueFor(member, operation, iam)] as const);
  return {
    service,
    operation,
    protocol: 'json',
    parameters: Object.fromEntries([...parameters, ...within(operation)]),
  };
}
