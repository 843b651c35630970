import type { Reference } from '../../../../policy/prove/prove.ts';
import { readReference } from '../../../../policy/prove/prove-session.ts';
import { accessLevelOf, type CatalogResource } from '../catalog/catalog.ts';
import type { ResolvedGrant } from '../catalog/resolve-grants.ts';
import { folderOfSubject } from '../identity/subject-forms.ts';
import { policyText } from './policy-text.ts';

type Json = Readonly<Record<string, unknown>>;

/** The services that read and write what a key encrypts, by the kind of resource. */
const ENCRYPTING_SERVICES: Readonly<Record<string, string>> = {
  'dynamodb-table': 'dynamodb',
  'dynamodb-index': 'dynamodb',
  's3-prefix': 's3',
  'sqs-queue': 'sqs',
  secret: 'secretsmanager',
};

/**
 * The most that these grants may open: each allowed action on each of its resource's ARNs, for the subject's rows where
 * rows are anybody's. INVARIANT: it is written from what the kinds of resources mean in IAM, and shares no code with
 * what builds session policies: a mistake there is to be found here.
 */
export const grantsReference = (
  grants: readonly ResolvedGrant[],
  subject: string | undefined,
  attributes: Readonly<Record<string, string>> = {},
): Reference =>
  readReference([
    [
      {
        type: 'identity',
        text: policyText(
          grants.flatMap(({ resource, actions }) => [
            ...(resource.kind === 'service-wide' ? ['*'] : resource.arns).flatMap((arn) =>
              actions.map((action) =>
                allowedOn(resource, arn, action, rowsOf(resource, subject, attributes)),
              ),
            ),
            ...keyUse(resource, actions),
          ]),
        ),
      },
    ],
  ]);

function rowsOf(
  { key, subjectScoped, leadingKey }: CatalogResource,
  subject: string | undefined,
  attributes: Readonly<Record<string, string>>,
): string | undefined {
  if (!subjectScoped) return undefined;
  if (subject === undefined) throw new Error(`${key} is granted without a subject`);
  if (leadingKey === undefined) return subject;
  const [before = '', variable = '', after = ''] = leadingKey.split(/\$\{subject([^}]*)\}/);
  const said = new Map(Object.entries(attributes));
  const value = variable === '' ? subject : said.get(variable.slice(1));
  if (value === undefined) throw new Error(`${key} is granted for a subject that its rows are not keyed by`);
  return before + value + after;
}

function allowedOn(resource: CatalogResource, arn: string, action: string, rows: string | undefined): Json {
  const allow = (Resource: string | string[], Condition?: Json): Json => ({
    Effect: 'Allow',
    Action: action,
    Resource,
    ...(Condition && { Condition }),
  });
  switch (resource.kind) {
    case 's3-prefix': {
      const [bucket = ''] = arn.split('/');
      const below = rows === undefined ? arn : `${arn}${literally(folderOfSubject(rows))}/`;
      const prefix = below.slice(bucket.length + 1);
      if (!/Bucket|Configuration$|^s3:(ListTagsForResource|(Un)?[tT]agResource)$/.test(action))
        return allow(`${below}*`);
      if (!/^s3:ListBucket(Versions)?$/.test(action) || prefix === '') return allow(bucket);
      return allow(bucket, { StringLike: { 's3:prefix': `${prefix}*` } });
    }
    case 'secret':
      return allow(resource.wholeArns ? arn : `${arn}-??????`);
    case 'log-group':
      return allow([arn, `${arn}:*`]);
    case 'kms-key':
      return allow(arn, onlyThrough(resource.viaService ?? '', arn));
    default:
      return allow(
        arn,
        rows === undefined
          ? undefined
          : {
              Null: { 'dynamodb:LeadingKeys': 'false' },
              'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': rows.replaceAll('$', () => '${$}') },
            },
      );
  }
}

/** What encrypts a resource may be used through its service: to read, and where something is written, to write. */
function keyUse(resource: CatalogResource, actions: readonly string[]): Json[] {
  const { kind, kmsKeyArn } = resource;
  const service = ENCRYPTING_SERVICES[kind];
  if (!kmsKeyArn || !service) return [];
  const isWritten = actions.some((action) => accessLevelOf(resource, action) !== 'read');
  return ['kms:Decrypt', ...(isWritten ? ['kms:GenerateDataKey'] : [])].map((action) => ({
    Effect: 'Allow',
    Action: action,
    Resource: kmsKeyArn,
    Condition: onlyThrough(service, kmsKeyArn),
  }));
}

function onlyThrough(service: string, keyArn: string): Json {
  const [, partition, , region] = keyArn.split(':');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { StringEquals: { 'kms:ViaService': `${service}.${region}.${suffix}` } };
}

/** A text as a pattern that means itself alone. */
const literally = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);
