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
export const grantsReference = (grants: readonly ResolvedGrant[], subject: string | undefined): Reference =>
  readReference([
    [
      {
        type: 'identity',
        text: policyText(
          grants.flatMap(({ resource, actions }) => [
            ...resource.arns.flatMap((arn) =>
              actions.map((action) => allowedOn(resource, arn, action, rowsOf(resource, subject))),
            ),
            ...keyUse(resource, actions),
          ]),
        ),
      },
    ],
  ]);

function rowsOf({ key, subjectScoped }: CatalogResource, subject: string | undefined): string | undefined {
  if (!subjectScoped) return undefined;
  if (subject === undefined) throw new Error(`${key} is granted without a subject`);
  return subject;
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
      if (!/^s3:List/.test(action)) return allow(`${below}*`);
      return allow(bucket, { StringLike: { 's3:prefix': `${below.slice(bucket.length + 1)}*` } });
    }
    case 'secret':
      return allow([arn, `${arn}-??????`]);
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
