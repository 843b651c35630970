import { isDeepStrictEqual } from 'node:util';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { type AuditRecord, hashOfRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';

const placeOf = ({ chain, seq }: AuditRecord): string => `${chain} ${seq}`;

/** The audit table, for somebody who can write it, and not make a MAC. */
export function makeTamperedTable({
  client,
  tableName: TableName,
}: {
  client: DynamoDBDocumentClient;
  tableName: string;
}) {
  const put = (Item: object) => client.send(new PutCommand({ TableName, Item }));
  const remove = (chain: string, seq: number) =>
    client.send(new DeleteCommand({ TableName, Key: { chain, seq } }));

  async function itemsOf(chains?: readonly string[]): Promise<AuditRecord[]> {
    const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return (Items as AuditRecord[]).filter(({ chain }) => chains?.includes(chain) ?? true);
  }

  async function readRecord(chain: string, seq: number): Promise<AuditRecord> {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { chain, seq }, ConsistentRead: true }),
    );
    return Item as AuditRecord;
  }

  return {
    put,
    remove,
    at: readRecord,
    itemsOf,
    /** Writes records anew from a place on, each linked to the one before and hashed right; MACs it cannot make. */
    async rehash(chain: string, from: number, change: (record: AuditRecord) => AuditRecord): Promise<void> {
      let previousHash =
        from > 1 ? (await readRecord(chain, from - 1)).hash : (await readRecord(chain, 1)).previousHash;
      for (let seq = from; ; seq++) {
        const record = await readRecord(chain, seq);
        if (!record) return;
        const changed = { ...(seq === from ? change(record) : record), previousHash };
        previousHash = hashOfRecord(changed);
        await put({ ...changed, hash: previousHash });
      }
    },
    /** The table, or what these chains are of it, as it is now; what is called with nothing puts it back. */
    async keep(chains?: readonly string[]): Promise<() => Promise<void>> {
      const kept = await itemsOf(chains);
      return async () => {
        const found = new Map((await itemsOf(chains)).map((record) => [placeOf(record), record]));
        for (const record of kept) {
          const isAsKept = isDeepStrictEqual(found.get(placeOf(record)), record);
          found.delete(placeOf(record));
          if (!isAsKept) await put(record);
        }
        for (const { chain, seq } of found.values()) await remove(chain, seq);
      };
    },
  };
}
export type TamperedTable = ReturnType<typeof makeTamperedTable>;
