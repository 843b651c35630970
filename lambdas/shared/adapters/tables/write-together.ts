import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Template, templateSchema } from '../../domain/people/template.ts';
import { type Policy, type Principal, policySchema, principalSchema } from '../../domain/principal.ts';
import { tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

type Write = { readonly baseVersion: number } & (
  | { readonly kind: 'policy'; readonly after: Policy }
  | { readonly kind: 'principal'; readonly after: Principal }
  | { readonly kind: 'template'; readonly after: Template }
);

/** Writes policies, principals and templates in one transaction: all of them, or none. At most 100, as DynamoDB has it. */
export function makeWriteTogether(deps: {
  client: DynamoDBDocumentClient;
  tables: { readonly policies: string; readonly principals: string; readonly directory: string };
}) {
  const { client, tables } = deps;

  function putOf({ kind, after, baseVersion }: Write) {
    if (kind === 'policy')
      return {
        TableName: tables.policies,
        Item: policySchema.parse(after),
        ...overVersion('principalId', baseVersion),
      };
    const over = overVersion('id', baseVersion);
    return kind === 'principal'
      ? { TableName: tables.principals, Item: principalSchema.parse(after), ...over }
      : { TableName: tables.directory, Item: { ...templateSchema.parse(after), kind: 'template' }, ...over };
  }

  /** False where one of them is over another version than it is based on: then none is made. */
  return (writes: readonly Write[]): Promise<boolean> =>
    tryWrite('principals, policies and directory tables', () =>
      client.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => ({ Put: putOf(write) })) }),
      ),
    );
}
