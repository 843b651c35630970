import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type AuditEntry,
  type AuditRecord,
  auditRecordSchema,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
} from '../../domain/audit/audit-record.ts';
import { mayStandBefore, type Sought, type TakenPlace } from '../../domain/audit/look-back.ts';
import { asJson } from '../../domain/digest.ts';
import { DependencyUnavailable } from '../../domain/errors.ts';
import { gather } from '../../domain/gather.ts';
import { requestedAt } from '../../domain/requested-at.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';
import { correlationOf } from '../runtime/correlation.ts';
import { afterLostRace, MOST_RACES } from '../runtime/lost-race.ts';

const takenPlaceSchema = auditRecordSchema.pick({ seq: true, eventId: true, hash: true, at: true });

/** Records in the first page of a look at a chain, mostly the only one; each page after it is twice as long. */
const FIRST_PAGE = 25;
/** Records that one process appends to a chain in one go: none of them waits long for those before it. */
const MOST_TOGETHER = 20;

const eventIdOf = ({ requestId, event, occurrence = '1' }: AuditEntry) =>
  [requestId, event, occurrence].join('#');

/** The record that follows `head` in its chain. */
function recordAfter(head: TakenPlace | undefined, entry: AuditEntry, now: Date): Omit<AuditRecord, 'mac'> {
  const { chain, requestId, event } = entry;
  const { requestId: _, ...correlation } = correlationOf(requestId, chain);
  const unsigned = {
    chain,
    seq: (head?.seq ?? 0) + 1,
    eventId: eventIdOf(entry),
    requestId,
    event,
    at: now.toISOString(),
    // What is hashed must be what is stored: DynamoDB keeps no `undefined`.
    facts: asJson({ ...entry.facts, correlation }),
    previousHash: head?.hash ?? FIRST_PREVIOUS_HASH,
  };
  return { ...unsigned, hash: hashOfRecord(unsigned) };
}

/** The audit log: append only, hash-chained per principal, a conditional write for every place. */
export function makeAuditTable(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** The MAC of a record's hash. */
  mac: (hash: string) => Promise<string>;
  clock: () => Date;
}) {
  const { client, tableName: TableName, clock, mac } = deps;

  async function read(condition: string, names: object, values: object, more: Partial<QueryCommandInput>) {
    return callAws('audit table', () =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: condition,
          ExpressionAttributeNames: { '#chain': 'chain', ...names },
          ExpressionAttributeValues: values,
          ConsistentRead: true,
          ...more,
        }),
      ),
    );
  }

  /** The newest places of a chain, newest first, as far back as what is sought may stand; without their facts. */
  async function lookBack(chain: string, sought: Sought): Promise<TakenPlace[]> {
    const places: TakenPlace[] = [];
    for (let Limit = FIRST_PAGE, ExclusiveStartKey: object | undefined; ; Limit *= 2) {
      const { Items = [], LastEvaluatedKey } = await read(
        '#chain = :chain',
        { '#hash': 'hash', '#at': 'at' },
        { ':chain': chain },
        {
          ProjectionExpression: 'seq, eventId, #hash, #at',
          ScanIndexForward: false,
          Limit,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        },
      );
      places.push(...Items.map((item) => takenPlaceSchema.parse(item)));
      if (!LastEvaluatedKey || !mayStandBefore(places, sought)) return places;
      ExclusiveStartKey = LastEvaluatedKey;
    }
  }

  async function recordAt(chain: string, seq: number): Promise<AuditRecord> {
    const { Items: [item] = [] } = await read(
      '#chain = :chain AND seq = :seq',
      {},
      { ':chain': chain, ':seq': seq },
      {},
    );
    return auditRecordSchema.parse(item);
  }

  /** Whether the record stands at its place: also where an attempt took it whose answer was lost. */
  async function place(record: AuditRecord): Promise<boolean> {
    const Item = auditRecordSchema.parse(record);
    const taken = await tryWrite('audit table', () =>
      client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(seq)' })),
    );
    return taken || (await recordAt(record.chain, record.seq)).hash === record.hash;
  }

  /** The records that follow `head`, one for each entry; their MACs are made side by side. */
  function recordsAfter(
    head: TakenPlace | undefined,
    entries: readonly AuditEntry[],
  ): Promise<AuditRecord[]> {
    const unsigned: Omit<AuditRecord, 'mac'>[] = [];
    for (const entry of entries) unsigned.push(recordAfter(unsigned.at(-1) ?? head, entry, clock()));
    return Promise.all(unsigned.map(async (record) => ({ ...record, mac: await mac(record.hash) })));
  }

  async function appendTo(chain: string, entries: readonly AuditEntry[]): Promise<AuditRecord[]> {
    const written = new Map<string, AuditRecord>();
    // The same event twice, asked for by two runs of one handler at once, is one record too.
    const missing = new Map(entries.map((entry) => [eventIdOf(entry), entry]));
    const keep = (record: AuditRecord) => {
      written.set(record.eventId, record);
      missing.delete(record.eventId);
    };
    let seenTo = 0;
    for (let race = 0; race < MOST_RACES; race++) {
      const places = await lookBack(chain, {
        eventIds: new Set(missing.keys()),
        // The chain of the configuration is read whole: its id tells no time, and a deployment adds one record at most.
        requestedAt: Math.min(...[...missing.values()].map(({ requestId }) => requestedAt(requestId))),
        seenTo,
      });
      for (const { eventId, seq } of places) if (missing.has(eventId)) keep(await recordAt(chain, seq));
      let lost = false;
      for (const record of await recordsAfter(places[0], [...missing.values()])) {
        lost = !(await place(record));
        if (lost) break;
        keep(record);
      }
      if (!lost) return entries.flatMap((entry) => written.get(eventIdOf(entry)) ?? []);
      seenTo = places[0]?.seq ?? 0;
      await afterLostRace(race);
    }
    throw new DependencyUnavailable('audit table: no place in the chain could be won');
  }

  // Writers of one process would only take places from each other: what comes meanwhile is appended together, with
  // one look at the chain for all of it.
  const append = gather(MOST_TOGETHER, appendTo);

  return {
    /**
     * Appends one record and answers it. An event that already stands in the chain is answered as it stands, so
     * running a handler twice, however late, records once. Throws DependencyUnavailable where no place could be won.
     */
    async append(entry: AuditEntry): Promise<AuditRecord> {
      const [record] = await append(entry.chain, [entry]);
      if (!record) throw new Error('an appended record is not there');
      return record;
    },

    /** Appends several records of one chain, in their order, as `append` does each. */
    async appendAll(entries: readonly AuditEntry[]): Promise<void> {
      const byChain = Map.groupBy(entries, ({ chain }) => chain);
      for (const [chain, ofChain] of byChain) await append(chain, ofChain);
    },
  };
}
export type AuditLog = ReturnType<typeof makeAuditTable>;
