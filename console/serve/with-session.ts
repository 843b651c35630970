import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { makeApi } from '../api/api-client.ts';
import type { Cookies, SignedIn } from '../sign-in/cookies.ts';
import type { IssuerClient } from '../sign-in/issuer.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';

/** Milliseconds before its end at which a token is renewed. */
const RENEW_BEFORE_MS = 20_000;

const isSame = (left: string, right: string): boolean => {
  const [bytes, others] = [Buffer.from(left), Buffer.from(right)];
  return bytes.length === others.length && timingSafeEqual(bytes, others);
};

type Deps = {
  readonly cookies: () => Promise<Cookies>;
  readonly issuer: IssuerClient;
  readonly clock: () => Date;
};

/** The session of whoever asks, its token renewed where it is about to end; undefined where they have to sign in. */
async function sessionOf(c: Context, { cookies, issuer, clock }: Deps): Promise<SignedIn | undefined> {
  const jar = await cookies();
  const session = await jar.session(c);
  const now = clock().getTime();
  if (!session || session.endsAtMs - now > RENEW_BEFORE_MS) return session;
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

/** Knows who asks before any page is made. Whoever does not is sent to sign in, and comes back here. */
export const withSession =
  (options: ConsoleOptions, deps: Deps): MiddlewareHandler<ConsoleEnv> =>
  async (c, next) => {
    const { beside = [] } = options;
    const session = await sessionOf(c, deps);
    if (!session) {
      const { pathname, search } = new URL(c.req.url);
      if (c.req.method === 'GET')
        return c.redirect(`/sign-in?${new URLSearchParams({ to: `${pathname}${search}` })}`, 302);
      const typed = Object.fromEntries(
        [...new URLSearchParams(await c.req.text())].filter(([name]) =>
          ['reason', 'proposal'].includes(name),
        ),
      );
      const told = {
        title: 'Your sign-in has ended',
        say: 'Nothing was sent. Sign in again and send it once more.',
        typed,
      };
      return c.html(problemPage({ beside }, told), 401);
    }
    c.set('session', session);
    c.set('frame', { who: session.who, csrf: session.csrf, beside });
    c.set(
      'api',
      makeApi({
        url: options.apiUrl(),
        token: session.token,
        ...(options.fetch && { fetch: options.fetch }),
      }),
    );
    if (c.req.method === 'POST') {
      const form = new URLSearchParams(await c.req.text());
      c.set('form', form);
      if (!isSame(form.get('csrf') ?? '', session.csrf)) {
        const say = `This page is of another sign-in than yours as ${session.who}. Open it again.`;
        return c.html(problemPage(c.get('frame'), { title: 'Not taken', say }), 403);
      }
    }
    await next();
  };
