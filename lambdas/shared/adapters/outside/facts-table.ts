import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

/** A fact as it was signed. Nothing that is read of it here is believed: whoever reads it verifies it again. */
export const factRowSchema = z.object({
  /** What it is looked for by: see facts-by-kind.ts. */
  kind: z.string(),
  /** Source, about and value: of one source, the newest of the same is stored. */
  id: z.string(),
  token: z.string(),
  /** Epoch seconds. */
  issuedAt: z.number().int(),
  /** DynamoDB TTL, epoch seconds: past the end of whatever is older. */
  ttl: z.number().int(),
});
export type FactRow = z.infer<typeof factRowSchema>;

const SERVICE = 'facts table';

/** Facts from outside, the newest of each. */
export function makeFactTable({
  client,
  tableName: TableName,
}: {
  client: DynamoDBDocumentClient;
  tableName: string;
}) {
  return {
    /** False where one as new, or newer, is stored: it stays. */
    async put(row: FactRow): Promise<boolean> {
      const Item = factRowSchema.parse(row);
      return tryWrite(SERVICE, () =>
        client.send(
          new PutCommand({
            TableName,
            Item,
            ConditionExpression: 'attribute_not_exists(id) OR issuedAt < :issuedAt',
            ExpressionAttributeValues: { ':issuedAt': Item.issuedAt },
          }),
        ),
      );
    },

    async get({ kind, id }: Pick<FactRow, 'kind' | 'id'>): Promise<FactRow | undefined> {
      const { Item } = await callAws(SERVICE, () =>
        client.send(new GetCommand({ TableName, Key: { kind, id }, ConsistentRead: true })),
      );
      return factRowSchema.safeParse(Item).data;
    },

    /** All of a kind, as they were signed; at most a megabyte of them. */
    async tokens(kind: string): Promise<string[]> {
      const { Items = [] } = await callAws(SERVICE, () =>
        client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: '#kind = :kind',
            ExpressionAttributeNames: { '#kind': 'kind' },
            ExpressionAttributeValues: { ':kind': kind },
          }),
        ),
      );
      return Items.flatMap((item) => factRowSchema.safeParse(item).data?.token ?? []);
    },
  };
}
