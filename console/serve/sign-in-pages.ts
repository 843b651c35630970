import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { makeApi } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import type { Cookies } from '../sign-in/cookies.ts';
import type { IssuerClient } from '../sign-in/issuer.ts';
import { landingPage } from '../views/pages/landing-page.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import type { ConsoleOptions } from './console-options.ts';
import { tellProblem } from './tell-problem.ts';

const LANDING = '/signed-in';

/** A path of these pages; anything else leads home. */
function ownPath(to: string | undefined, publicUrl: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, publicUrl)) return '/';
  const url = new URL(to, publicUrl);
  const isOwn = url.origin === new URL(publicUrl).origin && !/^\/[/\\]/.test(to) && url.pathname !== LANDING;
  return isOwn ? `${url.pathname}${url.search}` : '/';
}

type Deps = {
  readonly cookies: () => Promise<Cookies>;
  readonly issuer: IssuerClient;
  readonly clock: () => Date;
};

/** Signing in and out: the issuer's answer is taken once, from the browser that it was begun in. */
export function signInPages(options: ConsoleOptions, { cookies, issuer, clock }: Deps): Hono {
  const { publicUrl, apiUrl, beside = [], places } = options;
  const frame = { beside };
  const again = html`<a class="button first" href="/sign-in">Sign in</a>`;

  async function whoIs(token: string) {
    const api = makeApi({ url: apiUrl(), token, ...(options.fetch && { fetch: options.fetch }) });
    const { caller, principals } = await api.principals();
    const groups = principals.find(({ id }) => id === caller.id)?.groups ?? [];
    return { who: caller.id, auditor: caller.auditor, approver: groups.length > 0 && !caller.auditor };
  }

  return new Hono()
    .get('/sign-in', async (c) => {
      try {
        const { url, ...started } = await issuer.start(`${publicUrl()}${LANDING}`);
        await (await cookies()).keepStarted(c, { ...started, to: ownPath(c.req.query('to'), publicUrl()) });
        return c.redirect(url.href, 302);
      } catch {
        const say = 'The identity provider does not answer. Try again in a moment.';
        return c.html(problemPage(frame, { title: 'You cannot sign in now', say, next: again }), 503);
      }
    })
    .get(LANDING, async (c) => {
      const jar = await cookies();
      const started = await jar.started(c);
      jar.dropStarted(c);
      const refused = (say: string) =>
        c.html(problemPage(frame, { title: 'You are not signed in', say, next: again }), 400);
      if (!started) return refused('This is not the answer to a sign-in that was begun in this browser.');
      const answer = new URL(`${publicUrl()}${LANDING}${new URL(c.req.url).search}`);
      const tokens = await issuer.finish(answer, started).catch(() => undefined);
      if (!tokens) return refused('The identity provider’s answer could not be taken.');
      try {
        const session = {
          ...tokens,
          ...(await whoIs(tokens.token)),
          csrf: randomBytes(24).toString('base64url'),
          beganAtMs: clock().getTime(),
        };
        await jar.keepSession(c, session, clock().getTime());
        return c.redirect(started.to, 302);
      } catch (error) {
        if (error instanceof ApiProblem) return tellProblem(c, error, frame);
        throw error;
      }
    })
    .get('/', async (c, next) => {
      if (await (await cookies()).session(c)) return next();
      return c.html(landingPage(frame, places?.() ?? []));
    })
    .get('/signed-out', (c) =>
      c.html(
        problemPage(frame, {
          title: 'Signed out',
          say: 'Nothing of your sign-in is left in this browser.',
          next: again,
        }),
      ),
    );
}
