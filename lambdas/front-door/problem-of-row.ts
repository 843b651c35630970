import type { EndReason } from '../shared/domain/end-reasons.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { showReason } from '../shared/domain/text/say-reason.ts';
import { Problem } from '../shared/http/problems.ts';

/** Why a session of this request cannot be handed over; undefined where it can be, or may soon. */
export function problemOfRow(row: RequestRow): Problem | undefined {
  const { requestId, status: requestStatus, closedBecause } = row;
  const about = { requestId, requestStatus };
  if (row.dryRun || row.change || row.call) {
    return new Problem('nothing_to_claim', 'Read its outcome with GET /requests/{id}.', about);
  }
  switch (requestStatus) {
    case 'PENDING':
      return new Problem('not_ready', 'It is being decided; ask again shortly.', {
        ...about,
        retryAfterSeconds: 1,
      });
    case 'AWAITING_APPROVAL':
      return new Problem('not_ready', 'It waits for approval; ask again later.', {
        ...about,
        retryAfterSeconds: 15,
      });
    case 'DENIED': {
      const reasons = (row.decision?.reasons ?? []).map(showReason);
      const detail = reasons.map((reason) => reason.detail).join(' ') || denialInWords(closedBecause);
      return new Problem('request_denied', detail, { ...about, reasons });
    }
    case 'EXPIRED':
      return new Problem('request_expired', 'Make a new request, and claim it in time.', about);
    case 'CANCELLED':
      return new Problem('request_cancelled', 'Make a new request.', about);
    case 'FAILED':
      return closedBecause === 'reviewer_unavailable'
        ? new Problem('reviewer_unavailable', 'Make a new request in a minute.', {
            ...about,
            retryAfterSeconds: 60,
          })
        : new Problem('request_failed', `Make a new request (${closedBecause ?? 'failed'}).`, about);
    default:
      return undefined;
  }
}

/** Denials that no rule made, because the flow never got as far as a verdict. */
const DENIALS: Partial<Record<EndReason, string>> = {
  principal_suspended: 'The principal is suspended; ask an administrator.',
  principal_unknown: 'The principal is no longer registered; ask an administrator.',
  policy_missing: 'The principal has no policy to decide by; an administrator must propose one.',
  standing_changed:
    'The requester, an approver, the policy or the configuration changed since it was decided; ask again.',
  session_too_wide:
    'The session would have opened more than was granted: a fault of Postern. Tell an administrator.',
  session_policy_too_large: 'The session policy would be too large for AWS; ask for less at once.',
};

const denialInWords = (closedBecause: EndReason = 'denied'): string =>
  DENIALS[closedBecause] ?? `It was denied (${closedBecause}).`;
