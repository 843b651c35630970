import type { RevocationRefusal } from '../../lambdas/shared/domain/revocation/may-revoke.ts';
import { UNKNOWN_USER } from './vote-answer.ts';

export const REVOCATION_STARTED =
  'The session is being ended. The message says so as soon as its calls are denied, within seconds.';

type Refusal = NonNullable<RevocationRefusal> | 'unknown_request' | 'unknown_user' | 'not_an_approver';

/** What somebody is told whose revocation changes nothing, and what they can do instead. */
export function revocationAnswer(because: Refusal): string {
  switch (because) {
    case 'unknown_request':
      return 'This request is not known here. Nothing was changed.';
    case 'unknown_user':
      return UNKNOWN_USER;
    case 'not_an_approver':
      return 'Whoever holds the session, an approver or an administrator can end it. Nothing was changed.';
    case 'no_session':
      return 'No session stands for this request. There is nothing to end.';
    case 'session_ended':
      return 'The session has ended by itself. There is nothing to end.';
    case 'already_revoked':
      return 'The session is revoked already.';
    case 'would_end_every_session':
      return 'The role’s policy has no room to deny one more session alone. Nothing was changed: to end every session of the role, those of others too, revoke it by the command line or the API, with every session.';
  }
}
