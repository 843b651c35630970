import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

type Keyed = {
  tableName: string;
  partitionKey: Attribute;
  sortKey?: Attribute;
  timeToLiveAttribute?: string;
  stream?: StreamViewType;
};

/** A table as all of these are: on demand, recoverable, hard to delete; encrypted with the key, or with AWS's own. */
export function makeTable(scope: Construct, id: string, keyed: Keyed, encryptionKey?: IKey): Table {
  return new Table(scope, id, {
    ...keyed,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: encryptionKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
    ...(encryptionKey && { encryptionKey }),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** The broker's own tables. */
export class Tables extends Construct {
  readonly requests: Table;
  readonly principals: Table;
  readonly policies: Table;
  readonly awsPrincipals: Table;
  readonly idempotency: Table;
  readonly approvals: Table;
  readonly messages: Table;
  readonly once: Table;
  readonly callbacks: Table;
  readonly audit: Table;
  readonly denials: Table;
  readonly usage: Table;
  readonly versions: Table;

  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    const table = (tableId: string, keyed: Keyed) => makeTable(this, tableId, keyed, key);
    const ttl = { timeToLiveAttribute: 'ttl' };
    this.requests = table('Requests', {
      tableName: 'postern_requests',
      partitionKey: text('requestId'),
      stream: StreamViewType.NEW_IMAGE,
      ...ttl,
    });
    this.#index(this.requests, 'byPrincipal', text('principalId'), text('requestId'));
    this.#index(this.requests, 'byOpen', text('open'), text('createdAt'));
    this.#index(this.requests, 'byLive', text('live'), text('liveUntil'));
    this.principals = table('Principals', { tableName: 'users_table', partitionKey: text('id') });
    this.policies = table('Policies', { tableName: 'policy_table', partitionKey: text('principalId') });
    this.awsPrincipals = table('AwsPrincipals', {
      tableName: 'postern_aws_principals',
      partitionKey: text('arn'),
    });
    this.idempotency = table('Idempotency', {
      tableName: 'postern_idempotency',
      partitionKey: text('key'),
      ...ttl,
    });
    this.approvals = table('Approvals', {
      tableName: 'postern_approvals',
      partitionKey: text('requestId'),
      sortKey: text('item'),
      ...ttl,
    });
    this.messages = table('Messages', {
      tableName: 'postern_messages',
      partitionKey: text('key'),
      ...ttl,
    });
    this.once = table('Once', { tableName: 'postern_once', partitionKey: text('key'), ...ttl });
    this.callbacks = table('Callbacks', {
      tableName: 'postern_callbacks',
      partitionKey: text('key'),
      ...ttl,
    });
    this.audit = table('Audit', {
      tableName: 'postern_audit',
      partitionKey: text('chain'),
      sortKey: number('seq'),
      stream: StreamViewType.NEW_IMAGE,
    });
    this.#index(this.audit, 'byRequest', text('requestId'), number('seq'));
    this.usage = table('Usage', {
      tableName: 'postern_usage',
      partitionKey: text('principalId'),
      stream: StreamViewType.NEW_IMAGE,
      ...ttl,
    });
    this.versions = table('Versions', {
      tableName: 'postern_versions',
      partitionKey: text('subject'),
      sortKey: number('version'),
    });
    this.denials = table('Denials', { tableName: 'postern_denials', partitionKey: text('roleArn') });
  }

  #index(table: Table, indexName: string, partitionKey: Attribute, sortKey: Attribute): void {
    table.addGlobalSecondaryIndex({ indexName, partitionKey, sortKey, projectionType: ProjectionType.ALL });
  }
}
