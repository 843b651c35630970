import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { BaseSession, Cookies } from './cookies.ts';
import type { IssuerClient } from './issuer.ts';

/** Compared in a time that tells nothing of where they differ. */
export const isSame = (left: string, right: string): boolean => {
  const [bytes, others] = [Buffer.from(left), Buffer.from(right)];
  return bytes.length === others.length && timingSafeEqual(bytes, others);
};

export type SessionDeps<Session extends BaseSession> = {
  readonly cookies: () => Promise<Cookies<Session>>;
  readonly issuer: IssuerClient;
  readonly clock: () => Date;
  /** Milliseconds before its end at which a token is renewed. */
  readonly renewBeforeMs: number;
};

/** The session of whoever calls, its token renewed where it is about to end; undefined where they have to sign in. */
export async function currentSession<Session extends BaseSession>(
  c: Context,
  { cookies, issuer, clock, renewBeforeMs }: SessionDeps<Session>,
): Promise<Session | undefined> {
  const jar = await cookies();
  const session = await jar.session(c);
  const now = clock().getTime();
  if (!session || session.endsAtMs - now > renewBeforeMs) return session;
  const renewed = session.refreshToken
    ? await issuer.refresh(session.refreshToken).catch(() => undefined)
    : undefined;
  if (!renewed) {
    if (session.endsAtMs > now) return session;
    jar.dropSession(c);
    return undefined;
  }
  const newer = { ...session, ...renewed };
  await jar.keepSession(c, newer, now);
  return newer;
}
