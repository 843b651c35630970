import type { AuditRecord } from '../shared/domain/audit/audit-record.ts';

/** Where a record stands among all. */
export type Position = Pick<AuditRecord, 'at' | 'chain' | 'seq'>;

/** Sorts newer before older; records of one moment by their chain and place, so that no two are equal. */
export function newerFirst(left: Position, right: Position): number {
  return (
    right.at.localeCompare(left.at) || right.chain.localeCompare(left.chain) || right.seq - left.seq || 0
  );
}

/** Records of several chains, each newest first, as one list that is so too. Holds one record of each. */
export async function* newestOf(chains: readonly AsyncIterable<AuditRecord>[]): AsyncGenerator<AuditRecord> {
  const sources = chains.map((chain) => chain[Symbol.asyncIterator]());
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })));
  const waiting = heads.flatMap(({ source, head }) => (head.done ? [] : [{ source, record: head.value }]));
  for (;;) {
    waiting.sort((left, right) => newerFirst(left.record, right.record));
    const [first] = waiting;
    if (!first) return;
    yield first.record;
    const next = await first.source.next();
    if (next.done) waiting.shift();
    else first.record = next.value;
  }
}
