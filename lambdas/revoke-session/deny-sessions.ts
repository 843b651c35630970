import type { RequestRow } from '../shared/domain/request-row.ts';
import { denyEveryOlder, denySessions } from '../shared/domain/revocation/denials.ts';
import type { Revocation } from '../shared/domain/revocation/revocation.ts';
import { type DenialPorts, rewriteDenials } from './rewrite-denials.ts';

/** A row whose session has been minted. */
export type IssuedRow = RequestRow & { session: NonNullable<RequestRow['session']> };

/** Milliseconds that any session lasts at most: an hour, because the broker's own is a role session. */
const LONGEST_SESSION_MS = 60 * 60 * 1000;

export type Denied = { readonly scope: Revocation['scope']; readonly until: string };

/**
 * Denies these sessions of one role: one by one, or, where no more fit and it may, every session of the role
 * that was issued before now. Undefined, with nothing done, where they do not fit and it may not.
 */
export async function denySessionsOf(
  roleArn: string,
  rows: readonly IssuedRow[],
  everySession: boolean,
  now: Date,
  ports: DenialPorts,
): Promise<Denied | undefined> {
  const sessions = rows.map(({ session }) => ({ userId: session.assumedRoleId, until: session.expiration }));
  const fits = await rewriteDenials(roleArn, (denials) => denySessions(denials, sessions, now), ports);
  const last =
    sessions
      .map(({ until }) => until)
      .sort()
      .at(-1) ?? now.toISOString();
  if (fits) return { scope: 'session', until: last };
  if (!everySession) return undefined;
  const until = new Date(now.getTime() + LONGEST_SESSION_MS).toISOString();
  await rewriteDenials(roleArn, (denials) => denyEveryOlder(denials, until, now), ports);
  return { scope: 'role', until };
}
