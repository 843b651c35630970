import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as z from 'zod';
import { MOST_CHUNKS, type Sealer } from './seal-cookie.ts';

/** Who is signed in at this browser. */
export const baseSessionSchema = z.object({
  token: z.string(),
  refreshToken: z.string().optional(),
  /** When the token ends, in milliseconds. */
  endsAtMs: z.number(),
  /** In every form of these pages, and nowhere else: a page of another site does not know it. */
  csrf: z.string(),
  who: z.string(),
  beganAtMs: z.number(),
});
export type BaseSession = z.infer<typeof baseSessionSchema>;

/** The same for the console. */
export const sessionSchema = baseSessionSchema.extend({ approver: z.boolean(), auditor: z.boolean() });
export type SignedIn = z.infer<typeof sessionSchema>;

/** A sign-in that was begun, until the issuer's answer comes back. */
const startedSchema = z.object({
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  to: z.string(),
});
export type Started = z.infer<typeof startedSchema>;

/** Seconds for which somebody stays signed in, and has to sign in. */
export const SESSION_SECONDS = 8 * 3600;
const STARTED_SECONDS = 600;

export type CookieOptions<Session extends BaseSession> = {
  /** The pages are served over TLS. */
  readonly isSecure: boolean;
  /** What the cookies of these pages are called. */
  readonly name: string;
  readonly schema: z.ZodType<Session>;
};

/** The two cookies of these pages. */
export function makeCookies<Session extends BaseSession>(
  sealer: Sealer,
  { isSecure, name: called, schema }: CookieOptions<Session>,
) {
  const prefix = isSecure ? '__Host-' : '';
  const names = { session: `${prefix}${called}`, started: `${prefix}${called}_start` };
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const;
  const places = [...Array(MOST_CHUNKS).keys()];

  async function put(c: Context, which: keyof typeof names, value: Record<string, unknown>, seconds: number) {
    const chunks = await sealer.seal(which, value, seconds);
    if (chunks.length > MOST_CHUNKS) throw new Error('what is to be kept in cookies is too large');
    for (const place of places) {
      const chunk = chunks[place];
      const name = `${names[which]}${place}`;
      if (chunk !== undefined) setCookie(c, name, chunk, { ...options, maxAge: seconds });
      else if (getCookie(c, name) !== undefined) deleteCookie(c, name, options);
    }
  }
  const chunksOf = (c: Context, which: keyof typeof names): string[] => {
    const all = places.map((place) => getCookie(c, `${names[which]}${place}`));
    return all.slice(0, all.indexOf(undefined) === -1 ? MOST_CHUNKS : all.indexOf(undefined)) as string[];
  };
  const drop = (c: Context, which: keyof typeof names): void => {
    for (const place of places) deleteCookie(c, `${names[which]}${place}`, options);
  };

  return {
    session: (c: Context) => sealer.open('session', chunksOf(c, 'session'), schema),
    keepSession: (c: Context, session: Session, now: number) =>
      put(c, 'session', session, Math.max(1, SESSION_SECONDS - Math.floor((now - session.beganAtMs) / 1000))),
    dropSession: (c: Context) => drop(c, 'session'),
    started: (c: Context) => sealer.open('started', chunksOf(c, 'started'), startedSchema),
    keepStarted: (c: Context, started: Started) => put(c, 'started', started, STARTED_SECONDS),
    dropStarted: (c: Context) => drop(c, 'started'),
  };
}
export type Cookies<Session extends BaseSession> = ReturnType<typeof makeCookies<Session>>;
