import { type Attribute, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { makeTable } from '../storage/tables.ts';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/**
 * The demo bank's own tables: what the demo's catalog brokers. AWS's own key encrypts them: with another, each of
 * their catalog entries would have to name it (`kmsKeyArn`), and the demo's are the same in every account.
 */
export class DemoBank extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = (tableName: string, partition: string, sort?: string) =>
      makeTable(this, tableName, {
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
