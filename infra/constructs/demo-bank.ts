import { type Attribute, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { makeTable } from './tables.ts';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/** The demo bank's own tables: what the demo's catalog brokers. */
export class DemoBank extends Construct {
  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    const table = (tableName: string, partition: string, sort?: string) =>
      makeTable(this, tableName, key, {
        tableName,
        partitionKey: text(partition),
        ...(sort && { sortKey: text(sort) }),
      });
    table('bank_customer_profiles', 'user_id');
    table('bank_balances', 'user_id');
    table('bank_transactions', 'user_id', 'transaction_id');
    table('support_requests', 'user_id', 'ticket_id');
    table('bank_operational_metrics', 'metric', 'day');
  }
}
