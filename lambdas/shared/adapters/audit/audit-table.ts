import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  type AuditEntry,
  type AuditRecord,
  auditRecordSchema,
  type ChainEnd,
  FIRST_PREVIOUS_HASH,
  hashOfRecord,
  MOST_TOGETHER,
  textOfMac,
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

/** Records in the first page of a look at a chain, mostly the only one; each page after it is four times as long. */
const FIRST_PAGE = 8;

type EventName = Pick<AuditEntry, 'requestId' | 'event' | 'occurrence'>;

const eventIdOf = ({ requestId, event, occurrence = '1' }: EventName) =>
  [requestId, event, occurrence].join('#');

type Hashed = Omit<AuditRecord, 'mac' | 'together'>;

/** The record that follows `head` in its chain. */
function recordAfter(head: ChainEnd | undefined, entry: AuditEntry, now: Date): Hashed {
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
  /** The MAC over `textOfMac` of a record. */
  mac: (text: string) => Promise<string>;
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
    for (let Limit = FIRST_PAGE, ExclusiveStartKey: object | undefined; ; Limit *= 4) {
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

  async function recordAt(chain: string, seq: number): Promise<AuditRecord | undefined> {
    const { Items: [item] = [] } = await read(
      '#chain = :chain AND seq = :seq',
      {},
      { ':chain': chain, ':seq': seq },
      {},
    );
    return item && auditRecordSchema.parse(item);
  }

  /** Whether the records stand at their places, all or none: also where an attempt took them whose answer was lost. */
  async function place(records: readonly AuditRecord[]): Promise<boolean> {
    const [first, ...more] = records;
    if (!first) return true;
    const puts = [first, ...more].map((record) => ({
      TableName,
      Item: auditRecordSchema.parse(record),
      ConditionExpression: 'attribute_not_exists(seq)',
    }));
    const [only] = puts;
    const taken = await tryWrite('audit table', () =>
      only && more.length === 0
        ? client.send(new PutCommand(only))
        : client.send(new TransactWriteCommand({ TransactItems: puts.map((put) => ({ Put: put })) })),
    );
    return taken || (await recordAt(first.chain, first.seq))?.hash === first.hash;
  }

  /** The records that follow `head`, one for each entry, with one MAC over all of them. */
  async function recordsAfter(
    head: ChainEnd | undefined,
    entries: readonly AuditEntry[],
  ): Promise<AuditRecord[]> {
    const hashed: Hashed[] = [];
    for (const entry of entries) hashed.push(recordAfter(hashed.at(-1) ?? head, entry, clock()));
    const [first] = hashed;
    if (!first) return [];
    const together = hashed.length > 1 ? { together: hashed.map(({ hash }) => hash) } : {};
    const made = await mac(textOfMac({ hash: first.hash, ...together }) ?? '');
    return hashed.map((record) => ({ ...record, mac: made, ...together }));
  }

  /** The record that follows a place, where just this record stands there: nothing is appended behind a gap. */
  async function recordBehind(end: ChainEnd, entry: AuditEntry): Promise<AuditRecord | undefined> {
    const [present, [record]] = await Promise.all([
      recordAt(entry.chain, end.seq),
      recordsAfter(end, [entry]),
    ]);
    return present?.hash === end.hash ? record : undefined;
  }

  /** The newest places of a chain, as far back as an event of one of these requests may stand. */
  const lookFor = (chain: string, entries: readonly EventName[], seenTo = 0): Promise<TakenPlace[]> =>
    lookBack(chain, {
      eventIds: new Set(entries.map(eventIdOf)),
      // The chain of the configuration is read whole: its id tells no time, and a deployment adds one record at most.
      requestedAt: Math.min(...entries.map(({ requestId }) => requestedAt(requestId))),
      seenTo,
    });

  /** `looked` is what a look just now found, where there was one. Nothing is placed before `ready` is fulfilled. */
  async function appendTo(
    chain: string,
    entries: readonly AuditEntry[],
    looked?: readonly TakenPlace[],
    ready?: Promise<unknown>,
  ): Promise<AuditRecord[]> {
    const written = new Map<string, AuditRecord>();
    // The same event twice, asked for by two runs of one handler at once, is one record too.
    const missing = new Map(entries.map((entry) => [eventIdOf(entry), entry]));
    const keep = (record: AuditRecord) => {
      written.set(record.eventId, record);
      missing.delete(record.eventId);
    };
    let seenTo = 0;
    for (let race = 0; race < MOST_RACES; race++) {
      const places = race === 0 && looked ? looked : await lookFor(chain, [...missing.values()], seenTo);
      for (const { eventId, seq } of places) {
        const record = missing.has(eventId) ? await recordAt(chain, seq) : undefined;
        if (record) keep(record);
      }
      let end: ChainEnd | undefined = places[0];
      while (missing.size > 0) {
        const records = await recordsAfter(end, [...missing.values()].slice(0, MOST_TOGETHER));
        await ready;
        if (!(await place(records))) break;
        records.forEach(keep);
        end = records.at(-1);
      }
      if (missing.size === 0) return entries.flatMap((entry) => written.get(eventIdOf(entry)) ?? []);
      seenTo = places[0]?.seq ?? 0;
      await afterLostRace(race);
    }
    throw new DependencyUnavailable('audit table: no place in the chain could be won');
  }

  // Writers of one process would only take places from each other: what comes meanwhile is appended together, with
  // one look at the chain for all of it.
  const append = gather(MOST_TOGETHER, (chain, entries: readonly AuditEntry[]) => appendTo(chain, entries));

  return {
    /**
     * Appends one record and answers it. An event that already stands in the chain is answered as it stands, so
     * running a handler twice, however late, records once. Throws DependencyUnavailable where no place could be won.
     *
     * `end`, where it is known, is the place of its request's last record: then it is appended right behind that, without
     * a look at the chain. That place was taken before the event happened, so the event cannot stand before it; where
     * another record follows it already, of this handler's first run or another's, the chain is looked at.
     */
    async append(entry: AuditEntry, end?: ChainEnd): Promise<AuditRecord> {
      const behind = end && (await recordBehind(end, entry));
      if (behind && (await place([behind]))) return behind;
      const [record] = await append(entry.chain, [entry]);
      if (!record) throw new Error('an appended record is not there');
      return record;
    },

    /** Looks at a chain, as far back as this event may stand, for `appendLooked`: beside something else that is waited for. */
    look: (event: EventName & Pick<AuditEntry, 'chain'>): Promise<readonly TakenPlace[]> =>
      lookFor(event.chain, [event]),

    /**
     * Appends the events of one chain as `appendAll` does, after a look that was made for one of them that cannot stand
     * there yet. They are prepared beside `ready`, and placed once it is fulfilled; where it is rejected nothing is.
     */
    appendLooked: (
      entries: readonly [AuditEntry, ...AuditEntry[]],
      looked: readonly TakenPlace[],
      ready: Promise<unknown>,
    ): Promise<AuditRecord[]> => appendTo(entries[0].chain, entries, looked, ready),

    /** Appends several records, those of a chain in one go, as `append` does each; answers them. */
    async appendAll(entries: readonly AuditEntry[]): Promise<AuditRecord[]> {
      const records: AuditRecord[] = [];
      for (const [chain, ofChain] of Map.groupBy(entries, (entry) => entry.chain))
        records.push(...(await append(chain, ofChain)));
      return records;
    },
  };
}
export type AuditLog = ReturnType<typeof makeAuditTable>;
