import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  type AuditEvent,
  type AuditRecord,
  auditRecordSchema,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../domain/audit-record.ts';
import { DependencyUnavailable } from '../domain/errors.ts';
import { callAws, tryWrite } from './call-aws.ts';

/** An event to record: which request, what happened, and the facts of it. */
export type AuditEntry = {
  /** The principal whose chain it belongs to. */
  readonly chain: string;
  readonly requestId: string;
  readonly event: AuditEvent;
  /** Tells repeated events of one request apart (attempt, tier, voter); the same words twice are one event. */
  readonly occurrence?: string;
  readonly facts: Record<string, unknown>;
};

/** How often a writer that lost the race for a place in the chain tries the next place. */
const MOST_ATTEMPTS = 50;
/** Records read back to find an event that a first run of the same handler already appended. */
const LOOK_BACK = 25;

/** The audit log: append only, hash-chained per principal, a conditional write for every place. */
export function makeAuditTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock } = deps;

  async function newest(chain: string): Promise<AuditRecord[]> {
    const { Items = [] } = await callAws('audit table', () =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: '#chain = :chain',
          ExpressionAttributeNames: { '#chain': 'chain' },
          ExpressionAttributeValues: { ':chain': chain },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: LOOK_BACK,
        }),
      ),
    );
    return Items.map((item) => auditRecordSchema.parse(item));
  }

  function place(record: AuditRecord): Promise<boolean> {
    return tryWrite('audit table', () =>
      client.send(
        new PutCommand({ TableName, Item: record, ConditionExpression: 'attribute_not_exists(seq)' }),
      ),
    );
  }

  return {
    /**
     * Appends one record and answers it. An event that is already among the newest is answered as it stands,
     * so running a handler twice records once. Throws DependencyUnavailable where no place could be won.
     */
    async append(entry: AuditEntry): Promise<AuditRecord> {
      const eventId = [entry.requestId, entry.event, entry.occurrence ?? '1'].join('#');
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const records = await newest(entry.chain);
        const already = records.find((record) => record.eventId === eventId);
        if (already) return already;
        const head = records[0];
        const unsigned = {
          chain: entry.chain,
          seq: (head?.seq ?? 0) + 1,
          eventId,
          requestId: entry.requestId,
          event: entry.event,
          at: clock().toISOString(),
          // What is hashed must be what is stored: DynamoDB keeps no `undefined`.
          facts: JSON.parse(JSON.stringify(entry.facts)),
          previousHash: head?.hash ?? FIRST_PREVIOUS_HASH,
        };
        const record: AuditRecord = { ...unsigned, hash: hashOfRecord(unsigned) };
        if (await place(record)) return record;
      }
      throw new DependencyUnavailable('audit table: no place in the chain could be won');
    },
  };
}
export type AuditLog = ReturnType<typeof makeAuditTable>;
