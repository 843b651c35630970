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
import { TABLE_NAMES, type TableKey } from '../../names.ts';
import { RETAINED } from '../../retained.ts';
import { STREAMS_OFF } from './stream-arn.ts';

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
    removalPolicy: RETAINED,
  });
}

/** The broker's own tables. */
export class Tables extends Construct implements Record<TableKey, Table> {
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
  readonly delegations: Table;
  readonly calls: Table;
  readonly reviews: Table;
  readonly directory: Table;
  readonly facts: Table;
  readonly accessReviews: Table;
  readonly usage: Table;
  readonly versions: Table;

  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    const streamsAreOff = this.node.tryGetContext(STREAMS_OFF) === true;
    const table = (tableId: string, { stream, ...keyed }: Keyed) =>
      makeTable(this, tableId, { ...keyed, ...(stream && !streamsAreOff && { stream }) }, key);
    const ttl = { timeToLiveAttribute: 'ttl' };
    this.requests = table('Requests', {
      tableName: TABLE_NAMES.requests,
      partitionKey: text('requestId'),
      stream: StreamViewType.NEW_IMAGE,
      ...ttl,
    });
    this.#index(this.requests, 'byPrincipal', text('principalId'), text('requestId'));
    this.#index(this.requests, 'byOpen', text('open'), text('createdAt'));
    this.#index(this.requests, 'byLive', text('live'), text('liveUntil'));
    this.principals = table('Principals', { tableName: TABLE_NAMES.principals, partitionKey: text('id') });
    this.policies = table('Policies', { tableName: TABLE_NAMES.policies, partitionKey: text('principalId') });
    this.awsPrincipals = table('AwsPrincipals', {
      tableName: TABLE_NAMES.awsPrincipals,
      partitionKey: text('arn'),
    });
    this.idempotency = table('Idempotency', {
      tableName: TABLE_NAMES.idempotency,
      partitionKey: text('key'),
      ...ttl,
    });
    this.approvals = table('Approvals', {
      tableName: TABLE_NAMES.approvals,
      partitionKey: text('requestId'),
      sortKey: text('item'),
      ...ttl,
    });
    this.messages = table('Messages', {
      tableName: TABLE_NAMES.messages,
      partitionKey: text('key'),
      ...ttl,
    });
    this.once = table('Once', { tableName: TABLE_NAMES.once, partitionKey: text('key'), ...ttl });
    this.callbacks = table('Callbacks', {
      tableName: TABLE_NAMES.callbacks,
      partitionKey: text('key'),
      ...ttl,
    });
    this.audit = table('Audit', {
      tableName: TABLE_NAMES.audit,
      partitionKey: text('chain'),
      sortKey: number('seq'),
      stream: StreamViewType.NEW_IMAGE,
    });
    this.#index(this.audit, 'byRequest', text('requestId'), number('seq'));
    this.usage = table('Usage', {
      tableName: TABLE_NAMES.usage,
      partitionKey: text('principalId'),
      stream: StreamViewType.NEW_IMAGE,
      ...ttl,
    });
    this.versions = table('Versions', {
      tableName: TABLE_NAMES.versions,
      partitionKey: text('subject'),
      sortKey: number('version'),
    });
    this.delegations = table('Delegations', {
      tableName: TABLE_NAMES.delegations,
      partitionKey: text('sessionId'),
      ...ttl,
    });
    this.#index(this.delegations, 'byPrincipal', text('principalId'), text('openedAt'));
    this.calls = table('Calls', {
      tableName: TABLE_NAMES.calls,
      partitionKey: text('session'),
      sortKey: number('seq'),
    });
    this.reviews = table('Reviews', { tableName: TABLE_NAMES.reviews, partitionKey: text('key'), ...ttl });
    this.directory = table('Directory', {
      tableName: TABLE_NAMES.directory,
      partitionKey: text('kind'),
      sortKey: text('id'),
      stream: StreamViewType.KEYS_ONLY,
    });
    this.facts = table('Facts', {
      tableName: TABLE_NAMES.facts,
      partitionKey: text('kind'),
      sortKey: text('id'),
      ...ttl,
    });
    this.accessReviews = table('AccessReviews', {
      tableName: TABLE_NAMES.accessReviews,
      partitionKey: text('review'),
      sortKey: text('item'),
    });
    this.denials = table('Denials', { tableName: TABLE_NAMES.denials, partitionKey: text('roleArn') });
  }

  #index(table: Table, indexName: string, partitionKey: Attribute, sortKey: Attribute): void {
    table.addGlobalSecondaryIndex({ indexName, partitionKey, sortKey, projectionType: ProjectionType.ALL });
  }
}
