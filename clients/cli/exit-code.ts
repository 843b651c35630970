import { PosternError } from '../sdk/postern-error.ts';

/** What the CLI's exit codes mean; scripts branch on them. */
export const EXIT = { granted: 0, other: 1, usage: 2, denied: 3, timedOut: 4, expired: 5 } as const;

const BY_CODE: Readonly<Record<string, number>> = {
  request_denied: EXIT.denied,
  principal_suspended: EXIT.denied,
  wait_timed_out: EXIT.timedOut,
  request_expired: EXIT.expired,
  invalid_request: EXIT.usage,
  invalid_policy: EXIT.usage,
  grant_not_selectable: EXIT.usage,
  no_reason: EXIT.usage,
  no_endpoint: EXIT.usage,
  no_profile: EXIT.usage,
  no_region: EXIT.usage,
  identity_loop: EXIT.usage,
  token_unreadable: EXIT.usage,
  no_issuer: EXIT.usage,
  no_code: EXIT.usage,
  not_logged_in: EXIT.usage,
};

/** The exit code for what went wrong. */
export function exitCodeOf(error: unknown): number {
  return (error instanceof PosternError ? BY_CODE[error.code] : undefined) ?? EXIT.other;
}
