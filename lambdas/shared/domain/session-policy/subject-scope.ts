import type { Condition } from '../../../../policy/allow-statement.ts';
import type { ResourceKind } from '../catalog/catalog.ts';
import { literalInPolicy } from '../identity/subject-forms.ts';

/**
 * The DynamoDB actions that name the keys they touch, so that `dynamodb:LeadingKeys` binds them. A closed
 * list: Scan, PartiQL, streams, exports and backups read past a key and are never scoped.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const KEYED_ITEM_ACTIONS: ReadonlySet<string> = new Set([
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
]);

const OBJECT_ACTIONS: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:ListBucket',
]);

const SCOPABLE: Partial<Record<ResourceKind, ReadonlySet<string>>> = {
  'dynamodb-table': KEYED_ITEM_ACTIONS,
  'dynamodb-index': new Set(['dynamodb:Query']),
  's3-prefix': OBJECT_ACTIONS,
};

/** Whether rows of a kind can be pinned to a subject at all. */
export function isSubjectScopableKind(kind: ResourceKind): boolean {
  return SCOPABLE[kind] !== undefined;
}

/** Whether an action on a subject-scoped resource of this kind can be held to the subject's rows. */
export function isSubjectScopable(kind: ResourceKind, action: string): boolean {
  return SCOPABLE[kind]?.has(action) ?? false;
}

/**
 * Only rows whose partition key is this one, which is made of the subject.
 * INVARIANT: both operators. `ForAllValues` alone is true when the key is absent from the request, and would
 * let a Scan through.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function onlyRowsOf(rowKey: string): Condition {
  return {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [literalInPolicy(rowKey)] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
