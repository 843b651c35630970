import type { SuspensionTerms } from './limits-config.ts';
import { suspensionAt, type Usage } from './usage.ts';

/**
 * Denials that say nothing against whoever asked: nobody judged it, or the broker's own state was the reason.
 * Whatever is not listed counts.
 */
const COUNTS_AGAINST_NOBODY: ReadonlySet<string> = new Set([
  'approval_timed_out',
  'approval_unreachable',
  'approval_not_possible',
  'config_digest_mismatch',
  'guardrail_error',
  'standing_changed',
  'policy_missing',
  'review_malformed',
  'session_policy_too_large',
  'change_stale',
]);

/** Whether a denial for this reason (a reason code or an error's code) counts towards a suspension. */
export const countsAgainst = (reason: string): boolean => !COUNTS_AGAINST_NOBODY.has(reason);

/**
 * The usage once a denial is counted. The denial that makes too many within the time suspends the principal's
 * requests, and those that led to it count no more. Counting the same request again, or one that was under way
 * when the suspension began, changes nothing: the answer is then the usage itself.
 */
export function countDenial(usage: Usage, requestId: string, terms: SuspensionTerms, now: Date): Usage {
  const { denials, suspension } = usage;
  const counted = [...denials.map((denial) => denial.requestId), ...(suspension?.requestIds ?? [])];
  if (counted.includes(requestId) || suspensionAt(usage, now)) return usage;
  const since = now.getTime() - terms.withinSeconds * 1000;
  const recent = denials.filter(({ at }) => new Date(at).getTime() > since);
  const together = [...recent, { requestId, at: now.toISOString() }];
  if (together.length < terms.denials) return { ...usage, denials: together };
  const until = new Date(now.getTime() + terms.forSeconds * 1000).toISOString();
  return {
    ...usage,
    denials: [],
    suspension: { since: now.toISOString(), until, requestIds: together.map((denial) => denial.requestId) },
  };
}
