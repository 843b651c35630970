import { identifyResource, type ResourceIdentity } from './resource-identity.ts';
import type { CfnProperties, CfnTemplate, CfnValue, Deployment } from './types.ts';

/** Resolves intrinsic functions of one template at one place. */
export type Resolver = {
  /** The value with every intrinsic replaced; `AWS::NoValue` leaves its property out. Throws on an unknown one. */
  resolve(value: CfnValue): CfnValue;
  /** Whether a condition holds; a resource or output without one always stands. */
  holds(condition: string | undefined): boolean;
  identityOf(logicalId: string): ResourceIdentity;
};

/** Marks a value that `AWS::NoValue` took away. */
const ABSENT: unique symbol = Symbol('AWS::NoValue');
type Resolved = CfnValue | typeof ABSENT;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
export function makeResolver(template: CfnTemplate, deployment: Deployment): Resolver {
  const place = { partition: 'aws', stackName: 'postern', ...deployment };
  const identities = new Map<string, ResourceIdentity>();

  const pseudo: Record<string, Resolved> = {
    'AWS::AccountId': place.accountId,
    'AWS::Region': place.region,
    'AWS::Partition': place.partition,
    'AWS::StackName': place.stackName,
    'AWS::StackId': `arn:${place.partition}:cloudformation:${place.region}:${place.accountId}:stack/${place.stackName}/sandbox`,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NotificationARNs': [],
    'AWS::NoValue': ABSENT,
  };

  function identityOf(logicalId: string): ResourceIdentity {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`the template has no resource ${logicalId}`);
    // Only top-level text names a resource; the rest may refer back to it.
    const naming = Object.entries(resource.Properties ?? {}).filter(([key]) => NAMING.has(key));
    const properties = Object.fromEntries(naming.map(([key, value]) => [key, resolve(value)]));
    const identity = identifyResource(place, resource.Type, logicalId, properties);
    identities.set(logicalId, identity);
    return identity;
  }

  function ref(name: string): Resolved {
    const value = pseudo[name];
    if (value !== undefined) return value;
    const parameter = template.Parameters?.[name];
    if (parameter) return deployment.parameters?.[name] ?? parameter.Default ?? '';
    return identityOf(name).ref;
  }

  function getAtt(target: CfnValue): string {
    const [logicalId = '', ...path] = typeof target === 'string' ? target.split('.') : texts(target);
    const attribute = path.join('.');
    const value = identityOf(logicalId).attributes[attribute];
    if (value === undefined) throw new Error(`the sandbox knows no attribute ${attribute} of ${logicalId}`);
    return value;
  }

  function sub(argument: CfnValue): string {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = isMap(variables) ? variables : {};
    return String(pattern).replace(/\$\{([^}]+)\}/g, (_all, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (own[name] !== undefined) return String(resolve(own[name]));
      return name.includes('.') ? getAtt(name) : String(ref(name));
    });
  }

  const intrinsics: Record<string, (argument: CfnValue) => Resolved> = {
    Ref: (argument) => ref(String(argument)),
    'Fn::GetAtt': getAtt,
    'Fn::Sub': sub,
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument);
      return texts(resolve(parts ?? [])).join(String(separator));
    },
    'Fn::Select': (argument) => {
      const [index, from] = list(argument);
      return list(resolve(from ?? []))[Number(index)] ?? '';
    },
    'Fn::Split': (argument) => {
      const [separator, source] = list(argument);
      return String(resolve(source ?? '')).split(String(separator));
    },
    'Fn::If': (argument) => {
      const [condition, yes, no] = list(argument);
      return resolveOne((holds(String(condition)) ? yes : no) ?? null);
    },
    'Fn::FindInMap': (argument) => {
      const [map = '', key = '', name = ''] = texts(resolve(argument));
      return template.Mappings?.[map]?.[key]?.[name] ?? null;
    },
    'Fn::Equals': (argument) => {
      const [a, b] = list(resolve(argument));
      return a === b;
    },
    'Fn::Not': (argument) => !truth(list(argument)[0]),
    'Fn::And': (argument) => list(argument).every(truth),
    'Fn::Or': (argument) => list(argument).some(truth),
    Condition: (argument) => holds(String(argument)),
  };

  const truth = (value: CfnValue | undefined): boolean => resolve(value ?? false) === true;

  function holds(condition: string | undefined): boolean {
    if (condition === undefined) return true;
    const value = template.Conditions?.[condition];
    if (value === undefined) throw new Error(`the template has no condition ${condition}`);
    return truth(value);
  }

  function resolveOne(value: CfnValue): Resolved {
    if (Array.isArray(value)) return value.map(resolveOne).filter((it) => it !== ABSENT);
    if (!isMap(value)) return value;
    const [[key, argument] = [], ...more] = Object.entries(value);
    if (key !== undefined && argument !== undefined && more.length === 0) {
      // `Condition` is an intrinsic only as text; in an IAM statement it is a map of its own.
      const intrinsic = key === 'Condition' && typeof argument !== 'string' ? undefined : intrinsics[key];
      if (intrinsic) return intrinsic(argument);
      if (key.startsWith('Fn::')) throw new Error(`the sandbox resolves no ${key}`);
    }
    const entries = Object.entries(value).map(([name, inner]) => [name, resolveOne(inner)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== ABSENT)) as CfnProperties;
  }

  function resolve(value: CfnValue): CfnValue {
    const resolved = resolveOne(value);
    return resolved === ABSENT ? null : resolved;
  }

  return { resolve, holds, identityOf };
}

/** The properties a resource's name, ARN and attributes are made from. */
const NAMING = new Set([
  'TableName',
  'FunctionName',
  'Name',
  'RoleName',
  'Path',
  'ManagedPolicyName',
  'StateMachineName',
  'StageName',
  'TopicName',
  'QueueName',
  'BucketName',
]);

function isMap(value: CfnValue | undefined): value is { [key: string]: CfnValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: CfnValue): CfnValue[] {
  if (!Array.isArray(value)) throw new Error(`not a list: ${JSON.stringify(value)}`);
  return value;
}

function texts(value: CfnValue): string[] {
  return list(value).map(String);
}
