import { Hono } from 'hono';
import { html } from 'hono/html';
import { makeApi } from '../api/api-client.ts';
import { ApiProblem } from '../api/api-problem.ts';
import type { SignedIn } from '../sign-in/cookies.ts';
import type { SessionDeps } from '../sign-in/current-session.ts';
import { signInRoutes } from '../sign-in/sign-in-routes.ts';
import { landingPage } from '../views/pages/landing-page.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import type { ConsoleOptions } from './console-options.ts';
import { tellProblem } from './tell-problem.ts';

/** Signing in and out, and the first page of whoever is not signed in. */
export function signInPages(
  options: ConsoleOptions,
  deps: Omit<SessionDeps<SignedIn>, 'renewBeforeMs'>,
): Hono {
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
    .route(
      '/',
      signInRoutes<SignedIn>({
        ...deps,
        publicUrl,
        sessionFor: async (began) => ({ ...began, ...(await whoIs(began.token)) }),
        onRefused(c, error) {
          if (error instanceof ApiProblem) return tellProblem(c, error, frame);
          throw error;
        },
        tell: (c, status, told) => c.html(problemPage(frame, { ...told, next: again }), status),
      }),
    )
    .get('/', async (c, next) => {
      if (await (await deps.cookies()).session(c)) return next();
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
