import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { paginateQuery, paginateScan, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type AuditRecord, auditRecordSchema } from '../../domain/audit/audit-record.ts';
import { callAws, itemsIn } from '../runtime/call-aws.ts';

const AUDIT = 'audit table';
/** Records in a page of a list that begins at the newest. */
const NEWEST_PAGE = 60;
const HOUR_MS = 3_600_000;

/** Reads the audit log, page by page and strongly consistent; nothing of it is held but one page. */
export function makeAuditReader(deps: { client: DynamoDBDocumentClient; tableName: string }) {
  const { client, tableName: TableName } = deps;
  return {
    /** The names of all chains, in order. Reads the whole table once. */
    async chains(): Promise<string[]> {
      const names = new Set<string>();
      const scan = {
        TableName,
        ConsistentRead: true,
        ProjectionExpression: '#chain',
        ExpressionAttributeNames: { '#chain': 'chain' },
      };
      for await (const { chain } of itemsIn(AUDIT, paginateScan({ client }, scan))) names.add(String(chain));
      return [...names].sort();
    },

    /**
     * What stands in a chain, all of it or behind a place, in order: as it is, for the reader to verify. All of it
     * includes what stands at places that no record can have.
     */
    async *itemsOf(chain: string, afterSeq?: number): AsyncGenerator<unknown> {
      const query = {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression:
          afterSeq === undefined ? '#chain = :chain' : '#chain = :chain AND seq > :after',
        ExpressionAttributeNames: { '#chain': 'chain' },
        ExpressionAttributeValues: {
          ':chain': chain,
          ...(afterSeq !== undefined && { ':after': afterSeq }),
        },
      };
      yield* itemsIn(AUDIT, paginateQuery({ client }, query));
    },

    /** The records of a chain between two moments, newest first. What is no record is left out: verifying names it. */
    async *newestFirst(
      chain: string,
      { from, to }: { readonly from?: string; readonly to?: string } = {},
    ): AsyncGenerator<AuditRecord> {
      const query = {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: '#chain = :chain',
        ExpressionAttributeNames: { '#chain': 'chain', ...(to !== undefined && { '#at': 'at' }) },
        ExpressionAttributeValues: { ':chain': chain, ...(to !== undefined && { ':to': to }) },
        ...(to !== undefined && { FilterExpression: '#at <= :to' }),
        ScanIndexForward: false,
      };
      // Whoever looks at the newest needs few of them; what a filter leaves out is passed over in large pages.
      const paging = { client, ...(to === undefined && { pageSize: NEWEST_PAGE }) };
      for await (const item of itemsIn(AUDIT, paginateQuery(paging, query))) {
        const { data: record } = auditRecordSchema.safeParse(item);
        // Clocks of functions differ by less than the hour after which nothing newer can come.
        if (record && from !== undefined && Date.parse(record.at) < Date.parse(from) - HOUR_MS) return;
        if (record && (from === undefined || record.at >= from)) yield record;
      }
    },

    /** The last record of a chain; undefined where it has none. */
    async newest(chain: string): Promise<AuditRecord | undefined> {
      const { Items: [item] = [] } = await callAws(AUDIT, () =>
        client.send(
          new QueryCommand({
            TableName,
            ConsistentRead: true,
            KeyConditionExpression: '#chain = :chain',
            ExpressionAttributeNames: { '#chain': 'chain' },
            ExpressionAttributeValues: { ':chain': chain },
            ScanIndexForward: false,
            Limit: 1,
          }),
        ),
      );
      return item && auditRecordSchema.parse(item);
    },

    /** The records of one request, in order. What is no record is left out: verifying names it. */
    async ofRequest(requestId: string): Promise<AuditRecord[]> {
      const records: AuditRecord[] = [];
      const query = {
        TableName,
        IndexName: 'byRequest',
        KeyConditionExpression: 'requestId = :id',
        ExpressionAttributeValues: { ':id': requestId },
      };
      for await (const item of itemsIn(AUDIT, paginateQuery({ client }, query))) {
        const { data: record } = auditRecordSchema.safeParse(item);
        if (record) records.push(record);
      }
      return records.sort((left, right) => left.seq - right.seq);
    },
  };
}
export type AuditReader = ReturnType<typeof makeAuditReader>;
