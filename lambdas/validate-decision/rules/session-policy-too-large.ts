import type { Reason } from '../../shared/domain/reason.ts';
import { MOST_POLICY_CHARACTERS } from '../../shared/domain/session-policy/build-session-policy.ts';

/** Characters STS takes in a session policy: tab, line feed, carriage return, and U+0020 to U+00FF. */
const ALLOWED = /^[\t\n\r\u0020-\u00ff]*$/;

export function sessionPolicyTooLarge(sessionPolicy: string): Reason[] {
  if (sessionPolicy.length <= MOST_POLICY_CHARACTERS && ALLOWED.test(sessionPolicy)) return [];
  return [
    {
      code: 'session_policy_too_large',
      mostCharacters: MOST_POLICY_CHARACTERS,
    },
  ];
}
