import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export const allow = (actions: string[], ...resources: string[]) =>
  new PolicyStatement({ actions, resources });

/** Item actions on one table, by their DynamoDB names. */
export const onItems = (table: Table, ...actions: string[]) =>
  allow(
    actions.map((name) => `dynamodb:${name}`),
    table.tableArn,
  );

export const onIndex = (table: Table, index: string) =>
  allow(['dynamodb:Query'], `${table.tableArn}/index/${index}`);

/**
 * Item actions on all of a table but the tokens of waits, which have partition keys of their own. `Null` is
 * there because `ForAllValues` alone is true of a call that names no key, as a scan.
 */
export const onAllButTokens = (table: Table, ...actions: string[]) => onKeys(table, 'StringNotLike', actions);

/** Item actions on tokens, and on nothing else. */
export const onTokens = (table: Table, ...actions: string[]) => onKeys(table, 'StringLike', actions);

const onKeys = (table: Table, operator: 'StringLike' | 'StringNotLike', actions: string[]) =>
  new PolicyStatement({
    actions: actions.map((name) => `dynamodb:${name}`),
    resources: [table.tableArn],
    conditions: {
      [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': ['token#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });

/** Lists streams' names; it takes no resource. */
export const LIST_STREAMS = allow(['dynamodb:ListStreams'], '*');

/** Reads the stream of a table. Throws where it has none. */
export function readStream({ tableName, tableStreamArn }: Table): PolicyStatement {
  if (!tableStreamArn) throw new Error(`${tableName} has no stream`);
  return allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    tableStreamArn,
  );
}
