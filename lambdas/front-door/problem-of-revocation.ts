import type { RequestRow } from '../shared/domain/request-row.ts';
import type { RevocationRefusal } from '../shared/domain/revocation/may-revoke.ts';
import { Problem } from '../shared/http/problems.ts';

/** What stands in the way of a revocation, and what to do about it. */
export function problemOfRevocation(refusal: NonNullable<RevocationRefusal>, row: RequestRow): Problem {
  const { requestId, status: requestStatus, session, revocation } = row;
  const about = { requestId, requestStatus };
  switch (refusal) {
    case 'no_session':
      return new Problem(
        'no_session',
        'No session was issued for it; cancel a request that still waits.',
        about,
      );
    case 'session_ended':
      return new Problem('session_ended', `It ended by itself at ${session?.expiration}.`, about);
    case 'already_revoked':
      return new Problem(
        'already_revoked',
        `${revocation?.by} revoked it at ${revocation?.revokedAt}; there is nothing left to do.`,
        about,
      );
    case 'would_end_every_session':
      return new Problem(
        'would_end_every_session',
        'The role’s policy has no room to deny one more session alone. Repeat with "everySession": true to end every session of the role that was issued before now, those of other principals too.',
        about,
      );
  }
}
