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
 * Item actions on votes, and on no token of a wait: those have partition keys of their own. `Null` is there
 * because `ForAllValues` alone is true of a call that names no key, as a scan.
 */
export const onVotes = (approvals: Table, ...actions: string[]) =>
  onApprovals(approvals, 'StringNotLike', actions);

/** Item actions on tokens, and on no vote. */
export const onTokens = (approvals: Table, ...actions: string[]) =>
  onApprovals(approvals, 'StringLike', actions);

const onApprovals = (approvals: Table, operator: 'StringLike' | 'StringNotLike', actions: string[]) =>
  new PolicyStatement({
    actions: actions.map((name) => `dynamodb:${name}`),
    resources: [approvals.tableArn],
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
