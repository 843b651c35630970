import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Denials, denialsSchema } from '../../domain/revocation/denials.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';
import { overVersion } from './over-version.ts';

/** What is denied on each brokered role. Reads are strongly consistent; every write is over a known version. */
export function makeDenialsTable(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    async get(roleArn: string): Promise<Denials | undefined> {
      const { Item } = await callAws('denials table', () =>
        client.send(new GetCommand({ TableName, Key: { roleArn }, ConsistentRead: true })),
      );
      return Item && denialsSchema.parse(Item);
    },

    /** Writes the denials as the version after theirs. False where somebody else wrote that one first. */
    async write(denials: Denials): Promise<boolean> {
      const Item = denialsSchema.parse({ ...denials, version: denials.version + 1 });
      return tryWrite('denials table', () =>
        client.send(new PutCommand({ TableName, Item, ...overVersion('roleArn', denials.version) })),
      );
    },
  };
}
export type DenialsTable = ReturnType<typeof makeDenialsTable>;
