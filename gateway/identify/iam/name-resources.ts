import type { NamedCall, Resource } from '../named-call.ts';
import type { IamService } from './open-iam-data.ts';

/** Where a call is made: what its ARNs begin with. */
export type Place = { readonly partition: string; readonly region: string; readonly account: string };

const UNKNOWN: Resource = { kind: 'unknown' };
const PLACEHOLDER = /\$\{(\w+)\}/g;

/** Placeholders of ARNs by the parameters that say them, where the names are too far apart to be found. */
const SAYS: Readonly<Record<string, readonly string[]>> = {
  'sqs:QueueName': ['QueueUrl'],
  'sns:TopicName': ['TopicArn', 'TargetArn'],
  'secretsmanager:SecretId': ['SecretId'],
  'lambda:FunctionName': ['FunctionName'],
  'logs:LogGroupName': ['logGroupName', 'logGroupIdentifier', 'logGroupNames', 'logGroupIdentifiers'],
  'logs:ScheduledQueryId': ['identifier'],
  'ssm:ParameterNameWithoutLeadingSlash': ['Name', 'Names'],
  'rds:DbInstanceName': ['DBInstanceIdentifier'],
  'rds:DbClusterInstanceName': ['DBClusterIdentifier'],
  'rds:SnapshotName': ['DBSnapshotIdentifier', 'DBSnapshotName'],
  'states:StateMachineName': ['stateMachineArn', 'name'],
  'kinesis:StreamName': ['StreamName', 'StreamARN'],
  'events:EventBusName': ['EventBusName'],
  'ecs:ClusterName': ['cluster', 'clusters', 'clusterName'],
  'ecs:ServiceName': ['service', 'services', 'serviceName'],
  'ecs:TaskId': ['task', 'tasks'],
  'ecs:ContainerInstanceId': ['containerInstance', 'containerInstances'],
  'ecs:TaskSetId': ['taskSet', 'taskSets', 'primaryTaskSet'],
  'rds:ParameterGroupName': ['DBParameterGroupName'],
  'rds:ClusterParameterGroupName': ['DBClusterParameterGroupName'],
  'rds:ClusterSnapshotName': ['DBClusterSnapshotIdentifier'],
  'rds:SecurityGroupName': ['DBSecurityGroupName'],
  'rds:SubnetGroupName': ['DBSubnetGroupName'],
  'rds:GlobalCluster': ['GlobalClusterIdentifier'],
  'rds:DbClusterEndpoint': ['DBClusterEndpointIdentifier'],
  'cloudwatch:AlarmName': ['AlarmName', 'AlarmNames'],
  'cloudwatch:DashboardName': ['DashboardName', 'DashboardNames'],
  'cloudwatch:InsightRuleName': ['RuleName', 'RuleNames'],
  'cloudwatch:MetricStreamName': ['Name', 'Names'],
  'ec2:DedicatedHostId': ['HostIds', 'HostIdSet', 'HostId'],
  'ec2:VpnGatewayId': ['VpnGatewayId', 'VpnGatewayIds', 'GatewayId'],
  'ec2:VpcBlockPublicAccessExclusionId': ['ExclusionId', 'ExclusionIds'],
  'ec2:SecurityGroupId': ['GroupId', 'GroupIds', 'SecurityGroupId', 'SecurityGroupIds'],
  'ec2:KeyPairName': ['KeyName', 'KeyNames'],
  'ec2:PlacementGroupName': ['GroupName', 'GroupNames'],
  'ec2:NaclId': ['NetworkAclId', 'NetworkAclIds'],
  'ec2:NetworkAclId': ['NetworkAclId', 'NetworkAclIds'],
  'ec2:VpcEndpointServiceId': ['ServiceId', 'ServiceIds'],
  'ec2:VpcFlowLogId': ['FlowLogIds'],
  'ec2:Ipv4PoolCoipId': ['CoipPoolId', 'PoolId'],
  'ec2:Ipv4PoolEc2Id': ['PoolId', 'PoolIds'],
  'ec2:Ipv6PoolEc2Id': ['PoolId', 'PoolIds'],
  'ec2:ReservationId': ['ReservedInstancesIds', 'ReservedInstanceIds', 'ReservedInstancesId'],
  'ec2:ImageUsageReportId': ['ReportId'],
  'ec2:DeclarativePoliciesReportId': ['ReportId'],
  'lambda:LayerVersion': ['VersionNumber'],
  'lambda:Alias': ['Qualifier'],
  'ssm:ResourceId': ['WindowId', 'OpsItemId', 'SettingId'],
  'ssm:PatchBaselineIdResourceId': ['BaselineId'],
  'ssm:DocumentName': ['DocumentName', 'Name'],
  'ssm:SyncName': ['SyncName'],
};

/** Resources whose ARN cannot be made of a name alone: a path, an id or an alias stands in it that the call does not say. */
const NOT_BY_NAME = /WithPath$|UniqueId$|UniqueName$|GroupFriendlyName$|^(?:AutoScalingGroupId|PolicyId)$/;

const core = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:identifier|names?|ids?|arns?|url)$/, '');

/** A name as it may stand in an ARN: no wildcard, nothing that would end a part of it. */
const isPlain = (text: string): boolean => /^[\w+=,.@/#-]{1,1024}$/.test(text) && !text.includes('..');

const textsOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? [String(value)]
      : Array.isArray(value)
        ? value.filter((each) => typeof each === 'string')
        : [];

/** What the parameters say of one placeholder: names, or whole ARNs. */
function saidOf(
  placeholder: string,
  resource: string,
  { prefix }: IamService,
  call: NamedCall,
): readonly string[] {
  const { parameters } = call;
  const own = (name: string) => (Object.hasOwn(parameters, name) ? textsOf(parameters[name]) : []);
  for (const name of SAYS[`${prefix}:${placeholder}`] ?? []) {
    const said = own(name);
    if (said.length > 0) return said;
  }
  const both = saidOfBoth(SAYS[`${prefix}:${placeholder}`] ?? [placeholder], call);
  if (both.length > 0) return both;
  const wanted = core(placeholder);
  const exact = Object.keys(parameters).filter((name) => core(name) === wanted && wanted !== '');
  for (const name of exact) {
    const said = own(name);
    if (said.length > 0) return said;
  }
  // A call of ECS that names no cluster means this one. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
  if (prefix === 'ecs' && placeholder === 'ClusterName' && hasClusterOfItsOwn(call)) return ['default'];
  // `Name` alone names what the operation is about, where its kind of resource is the only one that the name fits.
  const isAbout = call.operation.name.toLowerCase().endsWith(core(resource));
  const bare = ['Name', 'name', 'Id', 'id', 'Arn', 'arn', 'ResourceArn', 'resourceArn', 'ResourceARN'];
  return isAbout ? (bare.map(own).find((said) => said.length > 0) ?? []) : [];
}

/** What a copy or a move is from, and to: `SourceDBSnapshotIdentifier`. From another region it would be another ARN. */
function saidOfBoth(names: readonly string[], { operation, parameters }: NamedCall): readonly string[] {
  if (operation.members.some(({ name }) => name === 'SourceRegion')) return [];
  const wanted = new Set(names.map(core));
  return Object.keys(parameters).flatMap((name) => {
    const [, rest] = /^(?:Source|Target|Destination)(.+)$/.exec(name) ?? [];
    return rest !== undefined && wanted.has(core(rest)) ? textsOf(parameters[name]) : [];
  });
}

/** Whether an operation of ECS has a cluster that may be left out. */
const hasClusterOfItsOwn = ({ operation, parameters }: NamedCall): boolean =>
  operation.members.some(({ name, isRequired }) => name === 'cluster' && !isRequired) &&
  !Object.hasOwn(parameters, 'cluster');

/** The ARN pattern of a resource, as an expression that its ARNs match. */
const shapeOf = (template: string): RegExp => {
  const parts = template.split(PLACEHOLDER).map((part, place) => (place % 2 === 0 ? part : undefined));
  const source = parts.map((part) =>
    part === undefined ? '.*' : part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`);
};

/**
 * ARNs that the call says, in whichever parameter, and that have the form of this resource: `ResourceArn` of a tag,
 * `taskDefinition` of a service. An ARN of another form is of something else.
 */
function saidByForm(template: string, { parameters }: NamedCall): string[] | undefined {
  const source = template
    .split(PLACEHOLDER)
    .map((part, place) => (place % 2 === 0 ? part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&') : '[^:*?\\s]+'));
  const form = new RegExp(`^${source.join('')}$`);
  const found = Object.values(parameters)
    .flatMap(textsOf)
    .filter((text) => text.length <= 2048 && text.startsWith('arn:') && form.test(text));
  return found.length > 0 ? found : undefined;
}

/**
 * Whether an operation makes a resource of this kind, under an id that AWS gives it: `CreateVpc`, `AllocateIpamPool`.
 * There is none yet, and policies say `vpc/*` of it.
 */
function isMade(kind: string, template: string, { operation }: NamedCall): boolean {
  const [, made] = /^(?:Create|Allocate)(.+)$/.exec(operation.name) ?? [];
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return made !== undefined && plain(made) === plain(kind) && /\$\{\w*Id\}$/.test(template);
}

const ofNew = (template: string, place: Place): string =>
  template.replace(PLACEHOLDER, (_, name: string) =>
    name === 'Partition'
      ? place.partition
      : name === 'Region'
        ? place.region
        : name === 'Account'
          ? place.account
          : '*',
  );

/** A queue's URL says its account and name; nothing else of a URL is believed. */
const QUEUE_URL = /^https?:\/\/[^/?#]+\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/;

function fill(
  template: string,
  resource: string,
  iam: IamService,
  call: NamedCall,
  place: Place,
): string[] | undefined {
  const fixed: Readonly<Record<string, string>> = {
    Partition: place.partition,
    Region: place.region,
    Account: place.account,
  };
  const placeholders = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const open = placeholders.filter((name) => !Object.hasOwn(fixed, name));
  const said = open.map((name) => saidOf(name, resource, iam, call));
  if (said.some((texts) => texts.length === 0)) return undefined;
  // Several of one and one of the others: each with the others; several of two cannot be paired.
  if (said.filter((texts) => texts.length > 1).length > 1) return undefined;
  const most = Math.max(1, ...said.map((texts) => texts.length));
  const arns: string[] = [];
  for (let each = 0; each < most; each += 1) {
    const texts = said.map((all) => all[all.length > 1 ? each : 0] ?? '');
    const arn = arnOf(template, open, texts, iam, place);
    if (arn === undefined) return undefined;
    arns.push(arn);
  }
  return arns;
}

function arnOf(
  template: string,
  open: readonly string[],
  texts: readonly string[],
  { prefix }: IamService,
  place: Place,
): string | undefined {
  const whole = texts.find((text) => text.startsWith('arn:'));
  if (whole !== undefined) return shapeOf(template).test(whole) && !/[*?\s]/.test(whole) ? whole : undefined;
  const queue = prefix === 'sqs' ? QUEUE_URL.exec(texts[0] ?? '') : undefined;
  const values = new Map(open.map((name, index) => [name, texts[index] ?? '']));
  const account = queue?.[1] ?? place.account;
  if (queue) values.set(open[0] ?? '', queue[2] ?? '');
  for (const [name, value] of values) {
    const text = nameIn(prefix, name, value);
    if (text === undefined || !isPlain(text)) return undefined;
    values.set(name, text);
  }
  return template.replace(PLACEHOLDER, (_, name: string) => {
    if (name === 'Partition') return place.partition;
    if (name === 'Region') return place.region;
    return name === 'Account' ? account : (values.get(name) ?? '');
  });
}

/** A parameter's text as the ARN has it. */
function nameIn(prefix: string, placeholder: string, text: string): string | undefined {
  if (NOT_BY_NAME.test(placeholder)) return undefined;
  if (prefix === 'sqs') return /^https?:/.test(text) ? undefined : text;
  // Stored in lower case, whatever the call has.
  if (prefix === 'rds') return text.toLowerCase();
  if (prefix === 'ssm') return text.replace(/^\//, '');
  // An alias is another resource than the key it stands for.
  if (prefix === 'kms' && placeholder === 'KeyId') return text.startsWith('alias/') ? undefined : text;
  // Six characters that nobody but AWS knows end a secret's ARN.
  if (prefix === 'secretsmanager') return `${text}-??????`.replace(/\?/g, '_');
  if (prefix === 'lambda' && placeholder === 'FunctionName')
    return /^[A-Za-z0-9_-]+$/.test(text) ? text : undefined;
  return text;
}

/**
 * The resources of an action, as the call names them. A kind that the action must be on and that the call does not say
 * is unknown; an action without kinds of resources is on none.
 */
export function resourcesOf(
  iam: IamService,
  action: string,
  call: NamedCall,
  place: Place,
): readonly Resource[] {
  const row = iam.action(action.slice(action.indexOf(':') + 1))?.row;
  if (!row) return [UNKNOWN];
  const [, kinds = []] = row;
  if (kinds.length === 0) return [{ kind: 'none' }];
  const arns = new Set<string>();
  let isMissing = false;
  for (const [kind, isRequired] of kinds) {
    const template = iam.resources[kind]?.[0];
    const filled =
      template === undefined
        ? undefined
        : (fill(template, kind, iam, call, place) ?? saidByForm(template, call));
    for (const arn of filled ?? []) arns.add(arn);
    if (!filled && template !== undefined && isMade(kind, template, call)) {
      arns.add(ofNew(template, place));
      continue;
    }
    // A required kind that any other kind of the same action stands for (a tag's resource) is one of several.
    if (!filled && isRequired === 1) isMissing = true;
  }
  const known = [...arns].map((arn): Resource => ({ kind: 'known', arn }));
  return isMissing || known.length === 0 ? [...known, UNKNOWN] : known;
}
