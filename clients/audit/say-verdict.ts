import type { ArchiveProblem } from '../../lambdas/shared/domain/audit/archived-version.ts';
import type { ChainProblem } from '../../lambdas/shared/domain/audit/verify-chain.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { HeadsFinding } from './read-heads.ts';
import { type AuditVerdict, isIntact } from './verify-audit.ts';

/** What each problem means, in a sentence about the record. */
const PROBLEM_SENTENCES: Readonly<Record<ChainProblem, string>> = {
  malformed: 'what stands here is no audit record',
  missing: 'the record was removed',
  altered: 'its content is not what was hashed',
  unlinked: 'the record before it was another one when this was written',
  forged: 'its hash carries no MAC of the broker’s: somebody else wrote it',
  rehashed: 'a signed head names another hash for this place',
  cut: 'a signed head or the archive has a record here, the table has none',
  replaced: 'the archive has another record of this place',
  overreaching: 'it says that a restoration lost what it cannot have lost',
  unarchived: 'it never reached the archive',
  stray: 'no record can stand at such a place',
};

const HEADS_SENTENCES: Readonly<Record<HeadsFinding['problem'], string>> = {
  missing: 'they are gone',
  altered: 'not what was signed',
  unlinked: 'they name others as those before them',
};

const ARCHIVE_SENTENCES: Readonly<Record<ArchiveProblem, string>> = {
  deleted: 'somebody deleted it (what it was is still there, under a delete marker)',
  overwritten: 'somebody put another object over it',
  unauthentic: 'no record or heads of the broker’s',
};

/** The verdict as lines for people. */
export function sayVerdict(verdict: AuditVerdict): string[] {
  const {
    chains,
    records,
    signedHeads,
    signedUntil,
    findings,
    headsFindings,
    archiveFindings,
    restorations,
  } = verdict;
  const lost = restorations.reduce((sum, restoration) => sum + restoration.lost, 0);
  return [
    ...headsFindings.map(
      ({ number, problem }) => `BAD   signed heads ${number}: ${HEADS_SENTENCES[problem]}`,
    ),
    ...archiveFindings.map(
      ({ key, problem, storedAt }) =>
        `BAD   archive ${visibleText(key)}: ${ARCHIVE_SENTENCES[problem]}, ${storedAt}`,
    ),
    ...findings.map(
      ({ chain, seq, eventId, problem, archivedAt }) =>
        `BAD   ${visibleText(chain)} ${seq}: ${PROBLEM_SENTENCES[problem]}${archivedAt ? `; archived ${archivedAt}` : ''}${eventId ? `  (${visibleText(eventId)})` : ''}`,
    ),
    ...restorations.map(
      ({ recordedAt, restoredTo, tables, restoredBy, reason, putBack, lost: without }) =>
        `NOTE  ${recordedAt}: ${tables.map(visibleText).join(', ')} restored to ${restoredTo} by ${visibleText(restoredBy)}, “${visibleText(reason)}”: ${putBack} records put back, ${without} lost`,
    ),
    `${records} records good in ${chains} chains, held against ${signedHeads} signed heads${signedUntil ? `, the last of ${signedUntil}` : ''}`,
    sayWhole(isIntact(verdict), lost),
  ];
}

function sayWhole(intact: boolean, lost: number): string {
  if (!intact) return 'The audit log was tampered with.';
  return lost > 0
    ? `The audit log is as it was written, but for ${lost} records that restorations lost, and that are named.`
    : 'The audit log is as it was written.';
}
