import type { Statement } from '../../../../policy/allow-statement.ts';
import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import bucketActions from '../../../../policy/data/s3-bucket-actions.json' with { type: 'json' };
import type { ResourceKind } from '../catalog/catalog.ts';
import { folderOfSubject, literalInPattern } from '../identity/subject-forms.ts';
import { dnsSuffixOf } from '../partition-hosts.ts';
import type { GrantOnResource } from './grant-on-resource.ts';
import { onlyRowsOf } from './subject-scope.ts';

type Build = (grant: GrantOnResource) => Statement[];

/** The ARNs as they stand in the catalog: no wildcard is added. */
const exact: Build = ({ actions, arns }) => [{ actions, resources: arns }];

const dynamodb: Build = ({ actions, arns, rowKey }) => [
  { actions, resources: arns, ...(rowKey !== undefined && { condition: onlyRowsOf(rowKey) }) },
];

/** Listing that can be held to what is below a prefix. */
const LISTS_BELOW = new Set(['s3:ListBucket', 's3:ListBucketVersions']);
/** By IAM's reference: actions on the bucket itself. Every other S3 action of a prefix is on its objects. */
const ON_BUCKET: ReadonlySet<string> = new Set(bucketActions);

/** `arn:…:bucket/prefix/`: objects below the prefix, listing only below it, and the bucket's own settings. */
const s3Prefix: Build = ({ actions, arns, subjectId }) =>
  arns.flatMap((arn) => {
    const { partition, resource } = partsOfArn(arn);
    const [bucket = '', ...path] = resource.split('/');
    const prefix =
      path.join('/') + (subjectId === undefined ? '' : `${literalInPattern(folderOfSubject(subjectId))}/`);
    const onBucket = `arn:${partition}:s3:::${bucket}`;
    const below = prefix === '' ? {} : { condition: { StringLike: { 's3:prefix': `${prefix}*` } } };
    const statements: Statement[] = [
      { actions: actions.filter((action) => !ON_BUCKET.has(action)), resources: [`${onBucket}/${prefix}*`] },
      { actions: actions.filter((action) => LISTS_BELOW.has(action)), resources: [onBucket], ...below },
      {
        actions: actions.filter((action) => ON_BUCKET.has(action) && !LISTS_BELOW.has(action)),
        resources: [onBucket],
      },
    ];
    return statements.filter((statement) => statement.actions.length > 0);
  });

/**
 * A secret's ARN ends in six characters that AWS draws. A catalog names it without them, or says that they are there:
 * by its look nobody can tell, since a name may end alike.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
const secret: Build = ({ actions, arns, wholeArns }) => [
  { actions, resources: wholeArns ? arns : arns.map((arn) => `${arn}-??????`) },
];

/** Actions that IAM takes on nothing but everything. */
const serviceWide: Build = ({ actions }) => [{ actions, resources: ['*'] }];

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
  'service-wide': serviceWide,
};

/** A key may be used only through one service of its own region, never directly. */
export function throughService({ actions, arns }: GrantOnResource, service: string): Statement[] {
  return arns.map((arn) => {
    const dnsSuffix = dnsSuffixOf(arn);
    // Without the condition the key could be used directly.
    if (!dnsSuffix) throw new Error('the key is in a partition whose service names are not known');
    const viaService = `${service}.${partsOfArn(arn).region}.${dnsSuffix}`;
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
