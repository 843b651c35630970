import { auditRecordSchema, FIRST_PREVIOUS_HASH, hashOfRecord } from './audit-record.ts';
import { type IsGenuine, isAuthentic } from './is-authentic.ts';

/**
 * What is wrong with a chain:
 * - `malformed`: what stands there is no record
 * - `missing`: a record was removed
 * - `altered`: its content is not what was hashed
 * - `unlinked`: the record before it is another than when it was written
 * - `forged`: its hash carries no MAC of the broker's
 * - `rehashed`: a signed head names another hash for its place
 * - `cut`: a signed head, or the archive, has a record behind the last one
 * - `replaced`: another record was archived for its place
 * - `unarchived`: it stands in the table, and never reached the archive
 * - `overreaching`: it says that a restoration lost what it cannot have lost
 * - `stray`: an item stands at a place that no record can have: 0, below, or a fraction
 */
export const CHAIN_PROBLEMS = [
  'malformed',
  'missing',
  'altered',
  'unlinked',
  'forged',
  'rehashed',
  'cut',
  'replaced',
  'unarchived',
  'overreaching',
  'stray',
] as const;
export type ChainProblem = (typeof CHAIN_PROBLEMS)[number];

/** A record of a chain that is not as it was written. */
export type Finding = {
  readonly chain: string;
  readonly seq: number;
  readonly problem: ChainProblem;
  readonly eventId?: string;
  /** When the archive took the record that stood here, ISO 8601: it was changed or removed after that. */
  readonly archivedAt?: string;
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
 * MAC is the broker's.
 */
export async function verifyChain(
  { chain, items, heads = new Map(), after = BEGINNING }: ChainToVerify,
  isGenuine: IsGenuine,
): Promise<ChainWalk> {
  let last = after;
  for await (const batch of inBatches(items)) {
    const parsed = await Promise.all(batch.map((item) => parse(item, isGenuine)));
    for (const item of parsed) {
      const finding = findingIn(item, chain, last, heads);
      if (finding) return { last, finding };
      if (item) last = { seq: item.record.seq, hash: item.record.hash };
    }
  }
  const isCut = [...heads.keys()].some((seq) => seq > last.seq);
  return isCut ? { last, finding: { chain, seq: last.seq + 1, problem: 'cut' } } : { last };
}

/** What stands at a place, and whether its hash carries a MAC of the broker's; undefined where it is no record. */
async function parse(item: unknown, isGenuine: IsGenuine) {
  const { data: record } = auditRecordSchema.safeParse(item);
  return record && { record, genuine: await isAuthentic(record, isGenuine) };
}
type Parsed = Awaited<ReturnType<typeof parse>>;

function findingIn(
  parsed: Parsed,
  chain: string,
  last: Place,
  heads: ReadonlyMap<number, string>,
): Finding | undefined {
  const expected = last.seq + 1;
  if (!parsed) return { chain, seq: expected, problem: 'malformed' };
  const { seq, eventId } = parsed.record;
  if (seq !== expected) return { chain, seq: expected, problem: 'missing' };
  const problem = problemOf(parsed, chain, last, heads);
  return problem && { chain, seq, eventId, problem };
}

function problemOf(
  { record, genuine }: NonNullable<Parsed>,
  chain: string,
  last: Place,
  heads: ReadonlyMap<number, string>,
): ChainProblem | undefined {
  const { hash, seq } = record;
  if (record.chain !== chain || hashOfRecord(record) !== hash) return 'altered';
  if (record.previousHash !== last.hash) return 'unlinked';
  if ((heads.get(seq) ?? hash) !== hash) return 'rehashed';
  return genuine ? undefined : 'forged';
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
