import type { Principal } from '../principal.ts';
import type { RequestRow } from '../request-row.ts';
import { type Denials, denySessions, noDenials } from './denials.ts';

/** The group whose active members may revoke any session. */
const ADMINS = 'admins';

/** Whether a principal may revoke sessions of others: active, and an admin or of some tier's group. */
export function mayRevokeOthers(principal: Principal, approverGroups: readonly string[]): boolean {
  const groups = [ADMINS, ...approverGroups];
  return principal.status === 'active' && principal.groups.some((group) => groups.includes(group));
}

/** Why a request's session cannot be revoked; `would_end_every_session` may be asked for all the same. */
export type RevocationRefusal =
  | 'no_session'
  | 'session_ended'
  | 'already_revoked'
  | 'would_end_every_session'
  | undefined;

/**
 * What stands in the way of revoking this request's session now, given what is denied on its role already:
 * to be told before anything is done.
 */
export function revocationRefusal(
  row: RequestRow,
  denials: Denials | undefined,
  now: Date,
): RevocationRefusal {
  const { status, session, revocation } = row;
  if (revocation) return 'already_revoked';
  if (status !== 'ISSUED' || !session) return 'no_session';
  if (new Date(session.expiration) <= now) return 'session_ended';
  const denied = { userId: session.assumedRoleId, until: session.expiration };
  const fits = denySessions(denials ?? noDenials(session.roleArn), [denied], now);
  return fits ? undefined : 'would_end_every_session';
}
