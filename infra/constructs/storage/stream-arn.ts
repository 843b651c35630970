import type { Table } from 'aws-cdk-lib/aws-dynamodb';

/** Context of the app while streams, and what reads them, are off: see docs/recovery.md. */
export const STREAMS_OFF = 'postern:streams-off';

/** The stream of a table's writes; undefined while streams are off. Throws for a table that should have none. */
export function streamArnOf({ node, tableStreamArn }: Table): string | undefined {
  if (tableStreamArn || node.tryGetContext(STREAMS_OFF) === true) return tableStreamArn;
  throw new Error(`${node.path} has no stream`);
}
