import { type AuditRecord, FIRST_PREVIOUS_HASH } from './audit-record.ts';
import { isAfterRestore } from './restoration.ts';

/**
 * Hashes of the archived records of one chain that a restoration may have left behind: the chain went on from the
 * restored end, with other records at their places.
 *
 * Such records are a branch: the first of them follows a record that stands, and another stands at its place; each of
 * the others follows one of the branch. Each is younger than the time that was restored to, which `restoredTo` answers
 * for a record, and undefined for one that no restoration accounts for. So an archived record whose place is empty,
 * although it follows one that stands, is never among them: it could be put back, and somebody took it away.
 */
export function findSuperseded(
  archived: readonly AuditRecord[],
  present: ReadonlyMap<number, string>,
  restoredTo: (record: AuditRecord) => string | undefined,
): ReadonlySet<string> {
  const superseded = new Set<string>();
  for (const record of archived.toSorted((first, second) => first.seq - second.seq)) {
    const { seq, hash, previousHash, at: recordedAt } = record;
    if (present.get(seq) === hash) continue;
    const to = restoredTo(record);
    if (to === undefined || !isAfterRestore(recordedAt, to)) continue;
    const before = seq === 1 ? FIRST_PREVIOUS_HASH : present.get(seq - 1);
    const branchesHere = present.has(seq) && before === previousHash;
    if (branchesHere || superseded.has(previousHash)) superseded.add(hash);
  }
  return superseded;
}
