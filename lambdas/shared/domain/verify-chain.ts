import { type AuditRecord, auditRecordSchema, FIRST_PREVIOUS_HASH, hashOfRecord } from './audit-record.ts';

/**
 * What is wrong with a chain:
 * - `malformed`: what stands there is no record
 * - `missing`: a record was removed
 * - `altered`: its content is not what was hashed
 * - `unlinked`: the record before it is another than when it was written
 * - `forged`: its hash carries no MAC of the broker's
 * - `rehashed`: a signed head names another hash for its place
 * - `cut`: a signed head, or the archive, has a record behind the last one
 */
export type ChainProblem = 'malformed' | 'missing' | 'altered' | 'unlinked' | 'forged' | 'rehashed' | 'cut';

/** The first record of a chain that is not as it was written. */
export type Finding = {
  readonly chain: string;
  readonly seq: number;
  readonly problem: ChainProblem;
  readonly eventId?: string;
};

/** Where a walk begins: behind a record that was verified before. */
export type Place = { readonly seq: number; readonly hash: string };
const BEGINNING: Place = { seq: 0, hash: FIRST_PREVIOUS_HASH };

export type ChainWalk = {
  /** The last place that was found good. */
  readonly last: Place;
  readonly finding?: Finding;
};

type ChainToVerify = {
  readonly chain: string;
  /** What stands in the table after `after`, in its order. */
  readonly items: AsyncIterable<unknown> | Iterable<unknown>;
  /** Hashes by place, as signed heads name them. */
  readonly heads?: ReadonlyMap<number, string>;
  readonly after?: Place;
};

/** Records whose MACs are asked for side by side. */
const AT_ONCE = 50;

/**
 * Walks a chain to its end or to the first record that is not as it was written. `isGenuine` answers whether a
 * MAC is the broker's over a hash.
 */
export async function verifyChain(
  { chain, items, heads = new Map(), after = BEGINNING }: ChainToVerify,
  isGenuine: (hash: string, mac: string) => Promise<boolean>,
): Promise<ChainWalk> {
  let last = after;
  for await (const batch of inBatches(items)) {
    const genuine = await Promise.all(batch.map((item) => macOf(item, isGenuine)));
    for (const [index, item] of batch.entries()) {
      const finding = findingIn(item, chain, last, heads, genuine[index] === true);
      if (finding) return { last, finding };
      const { seq, hash } = auditRecordSchema.parse(item);
      last = { seq, hash };
    }
  }
  const signedBehind = Math.max(0, ...heads.keys());
  if (signedBehind <= last.seq) return { last };
  return { last, finding: { chain, seq: last.seq + 1, problem: 'cut' } };
}

function findingIn(
  item: unknown,
  chain: string,
  last: Place,
  heads: ReadonlyMap<number, string>,
  genuine: boolean,
): Finding | undefined {
  const parsed = auditRecordSchema.safeParse(item);
  const expected = last.seq + 1;
  if (!parsed.success) return { chain, seq: expected, problem: 'malformed' };
  const record = parsed.data;
  if (record.seq !== expected) return { chain, seq: expected, problem: 'missing' };
  const problem = problemOf(record, chain, last, heads, genuine);
  return problem && { chain, seq: expected, eventId: record.eventId, problem };
}

function problemOf(
  record: AuditRecord,
  chain: string,
  last: Place,
  heads: ReadonlyMap<number, string>,
  genuine: boolean,
): ChainProblem | undefined {
  const { hash, seq } = record;
  if (record.chain !== chain || hashOfRecord(record) !== hash) return 'altered';
  if (record.previousHash !== last.hash) return 'unlinked';
  if ((heads.get(seq) ?? hash) !== hash) return 'rehashed';
  return genuine ? undefined : 'forged';
}

async function macOf(item: unknown, isGenuine: (hash: string, mac: string) => Promise<boolean>) {
  const { success, data } = auditRecordSchema.safeParse(item);
  return success && isGenuine(data.hash, data.mac);
}

async function* inBatches(items: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown[]> {
  let batch: unknown[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
