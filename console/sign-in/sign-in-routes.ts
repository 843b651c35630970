import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { BaseSession } from './cookies.ts';
import type { SessionDeps } from './current-session.ts';
import type { Tokens } from './issuer.ts';

const LANDING = '/signed-in';

/** A path of these pages; anything else leads home. */
export function ownPath(to: string | undefined, publicUrl: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, publicUrl)) return '/';
  const url = new URL(to, publicUrl);
  // As it is sent: without its dots, `/.//evil.example` is another host.
  const isOwn =
    url.origin === new URL(publicUrl).origin && !url.pathname.startsWith('//') && url.pathname !== LANDING;
  return isOwn ? `${url.pathname}${url.search}` : '/';
}

export type Told = { readonly title: string; readonly say: string };
type SignInRoutes<Session extends BaseSession> = Omit<SessionDeps<Session>, 'renewBeforeMs'> & {
  readonly publicUrl: () => string;
  /** What is sealed for whoever these tokens are of. What it throws is told by `onRefused`. */
  readonly sessionFor: (began: Tokens & Pick<Session, 'csrf' | 'beganAtMs'>) => Promise<Session>;
  readonly onRefused: (c: Context, error: unknown) => Response | Promise<Response>;
  /** A page that says why one is not signed in, and offers to begin again. */
  readonly tell: (c: Context, status: 400 | 503, told: Told) => Response | Promise<Response>;
};

/** Signing in: the issuer's answer is taken once, from the browser that it was begun in. */
export function signInRoutes<Session extends BaseSession>(options: SignInRoutes<Session>): Hono {
  const { publicUrl, cookies, issuer, clock, sessionFor, onRefused, tell } = options;
  return new Hono()
    .get('/sign-in', async (c) => {
      try {
        const { url, ...started } = await issuer.start(`${publicUrl()}${LANDING}`);
        await (await cookies()).keepStarted(c, { ...started, to: ownPath(c.req.query('to'), publicUrl()) });
        return c.redirect(url.href, 302);
      } catch {
        const say = 'The identity provider does not answer. Try again in a moment.';
        return tell(c, 503, { title: 'You cannot sign in now', say });
      }
    })
    .get(LANDING, async (c) => {
      const jar = await cookies();
      const started = await jar.started(c);
      jar.dropStarted(c);
      const refused = (say: string) => tell(c, 400, { title: 'You are not signed in', say });
      if (!started) return refused('This is not the answer to a sign-in that was begun in this browser.');
      const answer = new URL(`${publicUrl()}${LANDING}${new URL(c.req.url).search}`);
      const tokens = await issuer.finish(answer, started).catch(() => undefined);
      if (!tokens) return refused('The identity provider’s answer could not be taken.');
      try {
        const beganAtMs = clock().getTime();
        const csrf = randomBytes(24).toString('base64url');
        await jar.keepSession(c, await sessionFor({ ...tokens, csrf, beganAtMs }), beganAtMs);
        return c.redirect(started.to, 302);
      } catch (error) {
        return onRefused(c, error);
      }
    });
}
