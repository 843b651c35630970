import type { AccessRequest } from '../shared/domain/access-request.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import type { Evidence } from '../shared/domain/vote.ts';

/** Milliseconds after a subject's token was verified for which a claim that came with it counts as fresh. */
const SUBJECT_FRESH_MS = 30_000;

/**
 * The thumbprint of the claim that came with the request, where the grant may be minted for it at once: a grant of the
 * first pass that rests on nobody's vote, decided while the subject's token, if there is one, has just been verified. For
 * every other grant a claim is waited for, and undefined is answered.
 */
export function claimAheadOf(
  verdict: Verdict,
  { request, evidence }: { request: AccessRequest; evidence?: Evidence | undefined },
  now: Date,
): string | undefined {
  if (verdict.outcome !== 'grant' || request.dryRun) return undefined;
  if (evidence || verdict.approvers.length > 0) return undefined;
  const verifiedAgo = now.getTime() - Date.parse(request.createdAt);
  if (request.subject && verifiedAgo > SUBJECT_FRESH_MS) return undefined;
  return request.claimAhead;
}
