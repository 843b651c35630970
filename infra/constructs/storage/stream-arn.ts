import type { Table } from 'aws-cdk-lib/aws-dynamodb';

/** The stream of a table's writes. Throws where it has none. */
export function streamArnOf({ node, tableStreamArn }: Table): string {
  if (!tableStreamArn) throw new Error(`${node.path} has no stream`);
  return tableStreamArn;
}
