import type { ResourceKind } from '../catalog.ts';

/** Kinds that are of one service, and whose ARNs are all written alike. */
export type FormedKind = Exclude<ResourceKind, 'exact-arns' | 'service-wide'>;

type KindForm = {
  /** The prefix of its actions and of its ARNs. */
  readonly service: string;
  /** What IAM calls the resources that its session policies name. */
  readonly types: readonly string[];
  /** The last part of its ARNs, with the placeholders filled in. */
  readonly resource: RegExp;
  /** How its ARNs are written. */
  readonly example: string;
};

const here = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

/**
 * How each kind is written in a catalog. Names are held to what each service takes, so that an ARN which can be of
 * nothing is refused.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const KIND_FORMS: Readonly<Record<FormedKind, KindForm>> = {
  'dynamodb-table': {
    service: 'dynamodb',
    types: ['table'],
    resource: /^table\/[\w.-]{3,255}$/,
    example: here('dynamodb', 'table/NAME'),
  },
  'dynamodb-index': {
    service: 'dynamodb',
    types: ['index'],
    resource: /^table\/[\w.-]{3,255}\/index\/[\w.-]{3,255}$/,
    example: here('dynamodb', 'table/NAME/index/INDEX'),
  },
  's3-prefix': {
    service: 's3',
    types: ['object', 'bucket'],
    resource: /^[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]\/([^/].*\/)?$/s,
    example: 'arn:${AWS::Partition}:s3:::BUCKET/PREFIX/',
  },
  'sqs-queue': {
    service: 'sqs',
    types: ['queue'],
    resource: /^(?=.{1,80}$)[\w-]+(\.fifo)?$/,
    example: here('sqs', 'NAME'),
  },
  secret: {
    service: 'secretsmanager',
    types: ['Secret'],
    resource: /^secret:[\w/+=.@-]{1,519}$/,
    example: here('secretsmanager', 'secret:NAME'),
  },
  'lambda-function': {
    service: 'lambda',
    types: ['function', 'function alias', 'function version'],
    resource: /^function:[\w-]{1,64}(:[\w-]{1,128})?$/,
    example: here('lambda', 'function:NAME'),
  },
  'log-group': {
    service: 'logs',
    types: ['log-group', 'log-stream'],
    resource: /^log-group:[\w/.#-]{1,512}$/,
    example: here('logs', 'log-group:NAME'),
  },
  'kms-key': {
    service: 'kms',
    types: ['key'],
    resource: /^key\/[\w-]{1,256}$/,
    example: here('kms', 'key/ID'),
  },
  'cognito-user-pool': {
    service: 'cognito-idp',
    types: ['userpool'],
    resource: /^userpool\/[a-z]{2}(-[a-z]+)+-\d_[0-9A-Za-z]+$/,
    example: here('cognito-idp', 'userpool/${AWS::Region}_ID'),
  },
};

/** How a kind is written; undefined for a kind of any service. */
export const formOf = (kind: ResourceKind): KindForm | undefined =>
  kind === 'exact-arns' || kind === 'service-wide' ? undefined : KIND_FORMS[kind];
