import { type AuditRecord, FIRST_PREVIOUS_HASH } from '../../shared/domain/audit/audit-record.ts';
import { findSuperseded } from '../../shared/domain/audit/find-superseded.ts';
import type { LostRecord } from '../../shared/domain/audit/restoration.ts';
import type { Archived } from './read-archived-since.ts';

/** What is to be done about one chain after its table was restored. */
export type ChainPlan = {
  /** Records that stand again once they are put back, in order. */
  readonly putBack: readonly Archived[];
  /** Archived records that the chain went on without. */
  readonly superseded: readonly LostRecord[];
  /** Archived records that neither can be put back nor were lost by the restoration: somebody changed the table. */
  readonly unexplained: readonly LostRecord[];
};

/**
 * Finds which of the records that were archived since the restored time are put back, which the chain went on without,
 * and which no restoration explains. `standing` has the hash that stands at each place of the table.
 */
export function planChain(
  archived: readonly Archived[],
  present: ReadonlyMap<number, string>,
  restoredTo: string,
): ChainPlan {
  const filled = new Map(present);
  const putBack = archived.filter(({ record }) => {
    const { seq, hash, previousHash } = record;
    const before = seq === 1 ? FIRST_PREVIOUS_HASH : filled.get(seq - 1);
    if (filled.has(seq) || before !== previousHash) return false;
    filled.set(seq, hash);
    return true;
  });
  const records = archived.map(({ record }) => record);
  const superseded = findSuperseded(records, filled, () => restoredTo);
  const rest = records.filter(({ seq, hash }) => filled.get(seq) !== hash);
  return {
    putBack,
    superseded: rest.filter(({ hash }) => superseded.has(hash)).map(placeOf),
    unexplained: rest.filter(({ hash }) => !superseded.has(hash)).map(placeOf),
  };
}

const placeOf = ({ chain, seq, hash }: AuditRecord): LostRecord => ({ chain, seq, hash });
