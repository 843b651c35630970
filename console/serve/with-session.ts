import type { MiddlewareHandler } from 'hono';
import { makeApi } from '../api/api-client.ts';
import type { SignedIn } from '../sign-in/cookies.ts';
import { currentSession, isSame, type SessionDeps } from '../sign-in/current-session.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';

type Deps = Omit<SessionDeps<SignedIn>, 'renewBeforeMs'>;

/** Milliseconds before its end at which a token is renewed. */
const RENEW_BEFORE_MS = 20_000;

/** Knows who asks before any page is made. Whoever does not is sent to sign in, and comes back here. */
export const withSession =
  (options: ConsoleOptions, deps: Deps): MiddlewareHandler<ConsoleEnv> =>
  async (c, next) => {
    const { beside = [] } = options;
    const session = await currentSession(c, { ...deps, renewBeforeMs: RENEW_BEFORE_MS });
    if (!session) {
      const { pathname, search } = new URL(c.req.url);
      if (c.req.method === 'GET')
        return c.redirect(`/sign-in?${new URLSearchParams({ to: `${pathname}${search}` })}`, 302);
      const typed = Object.fromEntries(
        [...new URLSearchParams(await c.req.text())].filter(([name]) =>
          ['reason', 'proposal', 'prose'].includes(name),
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
