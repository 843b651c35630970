import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { streamArnOf } from '../constructs/storage/stream-arn.ts';
import type { TableKey } from '../names.ts';
import { allow } from './allow.ts';
import type { Grant, Resources } from './grant.ts';
import { useKeyThrough } from './use-key.ts';

/** The variable that tells a function a table's name. */
const VARIABLES: Record<TableKey, string> = {
  requests: 'REQUESTS_TABLE',
  principals: 'PRINCIPALS_TABLE',
  policies: 'POLICIES_TABLE',
  awsPrincipals: 'AWS_PRINCIPALS_TABLE',
  idempotency: 'IDEMPOTENCY_TABLE',
  approvals: 'APPROVALS_TABLE',
  messages: 'MESSAGES_TABLE',
  once: 'ONCE_TABLE',
  callbacks: 'CALLBACKS_TABLE',
  audit: 'AUDIT_TABLE',
  usage: 'USAGE_TABLE',
  versions: 'VERSIONS_TABLE',
  denials: 'DENIALS_TABLE',
  delegations: 'DELEGATIONS_TABLE',
  calls: 'CALLS_TABLE',
  reviews: 'REVIEWS_TABLE',
  directory: 'DIRECTORY_TABLE',
  facts: 'FACTS_TABLE',
  accessReviews: 'ACCESS_REVIEWS_TABLE',
};

type ItemAction = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan';

const qualified = (actions: readonly ItemAction[]) => actions.map((name) => `dynamodb:${name}`);

const onTable = ({ tables }: Resources, key: TableKey, statement: PolicyStatement): Grant => ({
  statements: [statement],
  variables: { [VARIABLES[key]]: tables[key].tableName },
});

/** Item actions on one table, by their DynamoDB names. */
export const items = (on: Resources, key: TableKey, ...actions: ItemAction[]): Grant =>
  onTable(on, key, allow(qualified(actions), on.tables[key].tableArn));

/**
 * Puts items of a table that have these attributes and no others: what an item has besides is another function's to
 * write. `Null` is there because `ForAllValues` alone is true of a call that names no attribute.
 */
export const putWithOnly = (on: Resources, key: TableKey, attributes: readonly string[]): Grant =>
  onTable(
    on,
    key,
    new PolicyStatement({
      actions: qualified(['PutItem']),
      resources: [on.tables[key].tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
        Null: { 'dynamodb:Attributes': 'false' },
      },
    }),
  );

/** Queries of one index of a table. */
export const index = (on: Resources, key: TableKey, indexName: string): Grant =>
  onTable(on, key, allow(['dynamodb:Query'], `${on.tables[key].tableArn}/index/${indexName}`));

/** Partition keys of the approvals table that are not votes: see approvals-table.ts and passkey-uses-table.ts. */
const TOKENS = 'token#*';
const PASSKEY_USES = 'passkey#*';

/** Item actions on all of a table but the tokens of waits. */
export const itemsButTokens = (on: Resources, key: TableKey, ...actions: ItemAction[]): Grant =>
  onTable(on, key, onKeys(on.tables[key], 'StringNotLike', [TOKENS], actions));

/**
 * Item actions on the votes of a table: on all of it but the tokens of waits and the uses of passkeys, which have partition
 * keys of their own. `Null` is there because `ForAllValues` alone is true of a call that names no key, as a scan.
 */
export const votes = (on: Resources, key: TableKey, ...actions: ItemAction[]): Grant =>
  onTable(on, key, onKeys(on.tables[key], 'StringNotLike', [TOKENS, PASSKEY_USES], actions));

/** Item actions on tokens of waits, and on nothing else of a table. */
export const tokens = (on: Resources, key: TableKey, ...actions: ItemAction[]): Grant =>
  onTable(on, key, onKeys(on.tables[key], 'StringLike', [TOKENS], actions));

/** Item actions on rows whose partition keys are these, or begin so, and on nothing else of a table. */
export const itemsWithKeys = (
  on: Resources,
  key: TableKey,
  keys: readonly string[],
  ...actions: ItemAction[]
): Grant => onTable(on, key, onKeys(on.tables[key], 'StringLike', keys, actions));

/** Item actions on the last uses of passkeys, and on nothing else of a table. */
export const passkeyUses = (on: Resources, key: TableKey, ...actions: ItemAction[]): Grant =>
  onTable(on, key, onKeys(on.tables[key], 'StringLike', [PASSKEY_USES], actions));

const onKeys = (
  table: Table,
  operator: 'StringLike' | 'StringNotLike',
  leadingKeys: readonly string[],
  actions: readonly ItemAction[],
) =>
  new PolicyStatement({
    actions: qualified(actions),
    resources: [table.tableArn],
    conditions: {
      [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': leadingKeys },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });

/** The key that encrypts the tables: whoever reads or writes one needs it. */
export const tableKey = ({ keys }: Resources): Grant => ({
  statements: [useKeyThrough('dynamodb', keys.data, 'kms:Decrypt')],
  variables: {},
});

/** The statements that read the stream of a table; none while streams are off. Throws for a table that has none. */
export function streamStatements(table: Table): PolicyStatement[] {
  const arn = streamArnOf(table);
  if (arn === undefined) return [];
  return [
    allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], arn),
    // Listing the names of streams takes no resource.
    allow(['dynamodb:ListStreams'], '*'),
  ];
}

/** Reads the stream of a table, which tells of its writes. */
export const stream = ({ tables }: Resources, key: TableKey): Grant => ({
  statements: streamStatements(tables[key]),
  variables: {},
});
