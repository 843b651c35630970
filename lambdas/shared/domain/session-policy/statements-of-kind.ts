import type { Statement } from '../../../../policy/allow-statement.ts';
import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import type { ResourceKind } from '../catalog/catalog.ts';
import { folderOfSubject, literalInPattern } from '../identity/subject-forms.ts';
import { hostsOf } from '../partition-hosts.ts';
import type { GrantOnResource } from './grant-on-resource.ts';
import { onlyRowsOf } from './subject-scope.ts';

type Build = (grant: GrantOnResource) => Statement[];

/** The ARNs as they stand in the catalog: no wildcard is added. */
const exact: Build = ({ actions, arns }) => [{ actions, resources: arns }];

const dynamodb: Build = ({ actions, arns, subjectId }) => [
  { actions, resources: arns, ...(subjectId !== undefined && { condition: onlyRowsOf(subjectId) }) },
];

/** Actions on the bucket itself; every other S3 action of the catalog is on objects. */
const BUCKET_ACTIONS = new Set(['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']);

/** `arn:…:bucket/prefix/`: objects below the prefix, and listing only below it. */
const s3Prefix: Build = ({ actions, arns, subjectId }) =>
  arns.flatMap((arn) => {
    const { partition, resource } = partsOfArn(arn);
    const [bucket = '', ...path] = resource.split('/');
    const prefix =
      path.join('/') + (subjectId === undefined ? '' : `${literalInPattern(folderOfSubject(subjectId))}/`);
    const onObjects = actions.filter((action) => !BUCKET_ACTIONS.has(action));
    const onBucket = actions.filter((action) => BUCKET_ACTIONS.has(action));
    return [
      ...(onObjects.length > 0
        ? [{ actions: onObjects, resources: [`arn:${partition}:s3:::${bucket}/${prefix}*`] }]
        : []),
      ...(onBucket.length > 0
        ? [
            {
              actions: onBucket,
              resources: [`arn:${partition}:s3:::${bucket}`],
              condition: { StringLike: { 's3:prefix': `${prefix}*` } },
            },
          ]
        : []),
    ];
  });

/**
 * Whether a secret's ARN has the six random characters that it ends in; a catalog may name it without them.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export const isWholeSecretArn = (arn: string): boolean => /-[A-Za-z0-9]{6}$/.test(arn);

const secret: Build = ({ actions, arns }) => [
  { actions, resources: arns.map((arn) => (isWholeSecretArn(arn) ? arn : `${arn}-??????`)) },
];

/** CloudWatch Logs names a group's streams, and the group itself in most actions, with a trailing `:*`. */
const logGroup: Build = ({ actions, arns }) => [
  { actions, resources: arns.flatMap((arn) => [arn, `${arn}:*`]) },
];

/** One kind of resource, one way to turn a grant into statements. Wildcards come from here alone. */
const BUILDERS: Record<Exclude<ResourceKind, 'kms-key'>, Build> = {
  'dynamodb-table': dynamodb,
  'dynamodb-index': dynamodb,
  's3-prefix': s3Prefix,
  'sqs-queue': exact,
  secret,
  'lambda-function': exact,
  'log-group': logGroup,
  'cognito-user-pool': exact,
  'exact-arns': exact,
};

/** A key may be used only through one service of its own region, never directly. */
export function throughService({ actions, arns }: GrantOnResource, service: string): Statement[] {
  return arns.map((arn) => {
    const hosts = hostsOf(arn);
    // Without the condition the key could be used directly.
    if (!hosts) throw new Error('the key is in a partition whose service names are not known');
    const viaService = `${service}.${partsOfArn(arn).region}.${hosts.dnsSuffix}`;
    return { actions, resources: [arn], condition: { StringEquals: { 'kms:ViaService': viaService } } };
  });
}

/** The statements of one grant on a resource of any kind but a key. */
export function statementsOfKind(
  kind: Exclude<ResourceKind, 'kms-key'>,
  grant: GrantOnResource,
): Statement[] {
  return BUILDERS[kind](grant);
}
