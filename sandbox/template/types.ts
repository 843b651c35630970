import type { PolicyDocument } from '../aws/types.ts';
import type { StateMachineSpec } from '../states/asl-types.ts';

export type CfnValue = null | boolean | number | string | CfnValue[] | { [key: string]: CfnValue };
export type CfnProperties = { [key: string]: CfnValue };

export type CfnResource = {
  Type: string;
  Properties?: CfnProperties;
  Metadata?: CfnProperties;
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};

/** A CloudFormation template as CDK writes it. */
export type CfnTemplate = {
  Parameters?: Record<string, { Type: string; Default?: CfnValue }>;
  Conditions?: Record<string, CfnValue>;
  Mappings?: Record<string, Record<string, CfnProperties>>;
  Resources: Record<string, CfnResource>;
  Outputs?: Record<string, { Value: CfnValue; Condition?: string }>;
};

/** The broker's template, and beside it those of the other accounts that its catalog has entries of, by their ids. */
export type Synthesised = CfnTemplate & { readonly members?: Readonly<Record<string, CfnTemplate>> };

/** Where the template is taken to be deployed. */
export type Deployment = {
  accountId: string;
  region: string;
  partition?: string;
  stackName?: string;
  /** Values for the template's parameters, where they are not to have their defaults. */
  parameters?: Record<string, string>;
};

/** A table's CreateTable input, with the name it is created under. */
export type TableSpec = { logicalId: string; name: string; arn: string; properties: CfnProperties };

export type TemplateFunction = {
  logicalId: string;
  name: string;
  arn: string;
  /** The handler's module, relative to the repository: the `postern:entry` of the resource's metadata. */
  entry: string;
  env: Record<string, string>;
  roleName: string;
  timeoutSeconds: number;
  memoryMb: number;
};

export type RoleSpec = {
  logicalId: string;
  name: string;
  arn: string;
  /** `AROA…`, what the role's sessions carry in their user id. */
  id: string;
  trust: PolicyDocument;
  /** Inline policies, policies attached by other resources, and managed policies of this template. */
  policies: { name: string; document: PolicyDocument }[];
  /** Managed policies of AWS, whose text the template does not hold. */
  managedPolicyArns: string[];
  boundaryArn?: string;
  /** The boundary's text, where it is a managed policy of this template. */
  boundary?: PolicyDocument;
  maxSessionSeconds: number;
  /** When it was made; with the sandbox, where it is left out. */
  createdAt?: Date;
};

export type KeySpec = {
  logicalId: string;
  id: string;
  arn: string;
  aliases: string[];
  /** `SYMMETRIC_DEFAULT`, `HMAC_256`, … */
  spec: string;
  usage: string;
  policy?: PolicyDocument;
};

export type SecretSpec = { logicalId: string; name: string; arn: string };

/** A method of the REST API. `path` has `{name}` and `{name+}` parameters. */
export type RouteSpec = { method: string; path: string; functionName: string; authorization: string };

/** Hands what is written to a table to a function, where a filter matches; no filter matches everything. */
export type StreamMapping = {
  functionName: string;
  table: string;
  batchSize: number;
  /** EventBridge patterns, as JSON texts. */
  patterns: string[];
};

/** A queue that is first in, first out. */
export type QueueSpec = {
  name: string;
  arn: string;
  visibilitySeconds: number;
  /** How often a message is handed out, before it goes to the dead letters. */
  mostReceives: number;
  /** The queue of dead letters, by its name. */
  deadLetters?: string;
};

/** Hands what waits in a queue to a function. */
export type QueueMapping = { functionName: string; queueArn: string };

/** A WebSocket API: its stage, and the function of each route. */
export type WebSocketSpec = {
  apiId: string;
  stage: string;
  routes: ReadonlyMap<string, string>;
};

/** Makes an event of what is written to a table, where a filter matches, and hands it to the rules of its bus. */
export type PipeSpec = {
  name: string;
  table: string;
  batchSize: number;
  /** EventBridge patterns, as JSON texts. */
  patterns: string[];
  source: string;
  detailType: string;
  /** JSON with `<$.path>` in place of values of the record. */
  inputTemplate: string;
  rules: RuleSpec[];
};

/** Calls functions with the events of a bus that match a pattern. */
export type RuleSpec = { bus: string; pattern: CfnValue; functionArns: string[] };

/** The template as the sandbox's services boot from it. */
export type ResolvedTemplate = {
  tables: TableSpec[];
  functions: TemplateFunction[];
  roles: RoleSpec[];
  stateMachines: StateMachineSpec[];
  keys: KeySpec[];
  secrets: SecretSpec[];
  routes: RouteSpec[];
  /** The calls of the door for tokens, which a template has for its issuers: `JWT`, or for anybody. */
  tokenRoutes: RouteSpec[];
  streams: StreamMapping[];
  queues: QueueSpec[];
  queueMappings: QueueMapping[];
  topicArns: string[];
  webSockets: WebSocketSpec[];
  /** Those that have rules: an event that nobody hears of is not made. */
  pipes: PipeSpec[];
  outputs: Record<string, string>;
};
