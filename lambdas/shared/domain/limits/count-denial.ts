import type { SuspensionTerms } from './limits-config.ts';
import { suspensionAt, type Usage } from './usage.ts';

/** A denied request, and the key of the subject it was made for. */
export type DeniedRequest = { readonly requestId: string; readonly subject?: string | undefined };

/** Denials as they weigh on the principal: all of one subject are one. */
const weightOf = (denials: Usage['denials']): number =>
  new Set(denials.map(({ subject, requestId }) => subject ?? requestId)).size;

/**
 * The usage once a denial is counted. The denial that makes too many within the time suspends the principal's
 * requests, and those that led to it count no more. So many for one subject suspend what is asked for that
 * subject, and nothing else: a customer who talks an agent into what is denied stops it for nobody but themselves.
 *
 * Counting the same request again, or one that was under way when the suspension began, changes nothing: the
 * answer is then the usage itself.
 */
export function countDenial(
  usage: Usage,
  { requestId, subject }: DeniedRequest,
  terms: SuspensionTerms,
  now: Date,
): Usage {
  const { denials, suspension, subjectSuspensions = [] } = usage;
  const before = [suspension, ...subjectSuspensions].flatMap((suspended) => suspended?.requestIds ?? []);
  const counted = [...denials.map((denial) => denial.requestId), ...before];
  if (counted.includes(requestId) || suspensionAt(usage, now, subject)) return usage;
  const since = now.getTime() - terms.withinSeconds * 1000;
  const recent = denials.filter(({ at: deniedAt }) => new Date(deniedAt).getTime() > since);
  const together = [...recent, { requestId, at: now.toISOString(), ...(subject && { subject }) }];
  const suspensionFor = (these: Usage['denials']) => ({
    since: now.toISOString(),
    until: new Date(now.getTime() + terms.forSeconds * 1000).toISOString(),
    requestIds: these.map((denial) => denial.requestId),
  });
  const ofSubject = together.filter((denial) => subject && denial.subject === subject);
  if (subject && ofSubject.length >= terms.denials) {
    const lasting = subjectSuspensions.filter(({ until }) => new Date(until) > now);
    return {
      ...usage,
      denials: together.filter((denial) => denial.subject !== subject),
      subjectSuspensions: [...lasting, { subject, ...suspensionFor(ofSubject) }],
    };
  }
  if (weightOf(together) < terms.denials) return { ...usage, denials: together };
  return { ...usage, denials: [], suspension: suspensionFor(together) };
}
