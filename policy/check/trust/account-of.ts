import type { Principal } from '../../parse/policy-model.ts';

/** The account of a user, a role, a session or of all its principals; undefined for services and the like. */
export function accountOf(principal: Principal): string | undefined {
  if (principal.kind === 'account') return principal.accountId;
  return principal.kind === 'arn' ? principal.arn.split(':')[4] : undefined;
}
