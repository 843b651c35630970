import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Principal, principalSchema } from '../../domain/principal.ts';
import { callAws, itemsIn, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

/** The principals, by id. Reads are strongly consistent: a suspension counts at once. */
export function makePrincipalsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    async get(id: string): Promise<Principal | undefined> {
      const { Item } = await callAws('principals table', () =>
        client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true })),
      );
      return Item && principalSchema.parse(Item);
    },

    /** The ids of all principals, page by page, in no order. */
    async *ids(): AsyncGenerator<string> {
      const scan = { TableName, ProjectionExpression: 'id', ConsistentRead: true };
      for await (const { id } of itemsIn('principals table', paginateScan({ client }, scan)))
        yield String(id);
    },

    /** All principals, page by page, in no order. */
    async *all(): AsyncGenerator<Principal> {
      const scan = { TableName, ConsistentRead: true };
      for await (const item of itemsIn('principals table', paginateScan({ client }, scan)))
        yield principalSchema.parse(item);
    },

    /** Writes a principal over the version it was based on (0: it must be new). False where that moved on. */
    async write(principal: Principal, baseVersion: number): Promise<boolean> {
      const Item = principalSchema.parse(principal);
      return tryWrite('principals table', () =>
        client.send(new PutCommand({ TableName, Item, ...overVersion('id', baseVersion) })),
      );
    },
  };
}
