import type { CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';
import type { Reference } from '../../policy/prove/prove.ts';
import { readReference } from '../../policy/prove/prove-session.ts';
import { rowKeyOf } from './row-key.ts';

const policyText = (statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** What is granted on one resource, for a subject's rows where they are anybody's. */
export type Granted = { readonly resource: CatalogResource; readonly actions: readonly string[] };

/**
 * The most that grants may open, by what the kinds of resources mean and not by the code that builds session
 * policies.
 */
export const grantsReference = (granted: readonly Granted[], subject: string | undefined): Reference =>
  readReference([
    [{ type: 'identity', text: policyText(granted.flatMap((grant) => widestStatements(grant, subject))) }],
  ]);

function widestStatements({ resource, actions }: Granted, subject: string | undefined): object[] {
  const { kind, arns, subjectScoped, wholeArns } = resource;
  if (subjectScoped && subject === undefined) throw new Error(`${resource.key} is granted without a subject`);
  const rows = subjectScoped ? subject : undefined;
  const key = rows === undefined ? undefined : rowKeyOf(resource, rows);
  return arns.flatMap((arn) => {
    if (kind === 's3-prefix') return onPrefix(arn, actions, rows);
    const condition =
      key === undefined
        ? {}
        : {
            Condition: {
              Null: { 'dynamodb:LeadingKeys': 'false' },
              'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': key },
            },
          };
    const named = kind === 'secret' && !wholeArns ? [`${arn}-??????`] : [arn];
    return [{ Effect: 'Allow', Action: actions, Resource: named, ...condition }];
  });
}

/** Objects below the prefix, and the bucket's list of what is below it. */
function onPrefix(arn: string, actions: readonly string[], rows: string | undefined): object[] {
  const below = `${arn}${rows === undefined ? '' : `${rows}/`}`;
  const [bucket = ''] = arn.split('/');
  const lists = actions.filter((action) => action === 's3:ListBucket');
  const others = actions.filter((action) => action !== 's3:ListBucket');
  return [
    ...others.map((Action) => ({ Effect: 'Allow', Action, Resource: `${below}*` })),
    ...lists.map((Action) => ({
      Effect: 'Allow',
      Action,
      Resource: bucket,
      Condition: { StringLike: { 's3:prefix': `${below.slice(bucket.length + 1)}*` } },
    })),
  ];
}
