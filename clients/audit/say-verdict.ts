import type { ChainProblem } from '../../lambdas/shared/domain/audit/verify-chain.ts';
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
};

/** The verdict as lines for people. */
export function sayVerdict(verdict: AuditVerdict): string[] {
  const { chains, records, signedHeads, signedUntil, findings, badHeads } = verdict;
  return [
    ...(badHeads === undefined ? [] : [`BAD   signed heads ${badHeads}: not what was signed`]),
    ...findings.map(
      ({ chain, seq, eventId, problem }) =>
        `BAD   ${chain} ${seq}: ${PROBLEM_SENTENCES[problem]}${eventId ? `  (${eventId})` : ''}`,
    ),
    `${records} records good in ${chains} chains, held against ${signedHeads} signed heads${signedUntil ? `, the last of ${signedUntil}` : ''}`,
    isIntact(verdict) ? 'The audit log is as it was written.' : 'The audit log was tampered with.',
  ];
}
