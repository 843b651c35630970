import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiProblem } from '../api/api-problem.ts';
import { serveAssets } from '../assets/serve-assets.ts';
import { sessionSchema } from '../sign-in/cookies.ts';
import { lateIssuer } from '../sign-in/issuer.ts';
import { sealedCookies } from '../sign-in/sealed-cookies.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import { accessReviewPages } from './access-review-pages.ts';
import { approvalPages } from './approval-pages.ts';
import { askPages } from './ask-pages.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';
import { findingPages } from './finding-pages.ts';
import { generatePages } from './generate-pages.ts';
import { guardPages, onOwnHost, ownForms } from './guard-pages.ts';
import { peoplePages } from './people-pages.ts';
import { policyPages } from './policy-pages.ts';
import { recordPages } from './record-pages.ts';
import { requestPages } from './request-pages.ts';
import { sessionPages } from './session-pages.ts';
import { signInPages } from './sign-in-pages.ts';
import { tellProblem } from './tell-problem.ts';
import { withSession } from './with-session.ts';

/** Bytes of a form: a policy to be checked is the largest. */
const MOST_FORM_BYTES = 512 * 1024;
const NOT_OURS = { title: 'Not taken', say: 'This form was not sent by a page of this console.' };

/**
 * The console: pages that read and act only through the API, as the person signed in. It keeps nothing but what it
 * seals into that person's cookies.
 */
export function makeConsole(options: ConsoleOptions): Hono<ConsoleEnv> {
  const { publicUrl, cookieSecret, clock = () => new Date(), beside = [] } = options;
  const cookies = sealedCookies(cookieSecret, () => ({
    isSecure: publicUrl().startsWith('https:'),
    name: 'postern',
    schema: sessionSchema,
  }));
  const issuer = lateIssuer(options.issuer, clock);
  const deps = { cookies, issuer, clock };
  const app = new Hono<ConsoleEnv>();

  app.use(
    guardPages({ publicUrl, formsTo: options.awsSignIn }),
    onOwnHost(options),
    bodyLimit({ maxSize: MOST_FORM_BYTES }),
    ownForms({
      publicUrl,
      refuse: (c) => c.html(problemPage({ beside }, NOT_OURS), 403),
    }),
  );
  app.route('/', serveAssets());
  app.route('/', signInPages(options, deps));
  app.use(withSession(options, deps));
  app.post('/sign-out', async (c) => {
    const { refreshToken } = c.get('session');
    (await cookies()).dropSession(c);
    if (refreshToken) await issuer.end(refreshToken);
    return c.redirect('/signed-out', 303);
  });
  app.route('/', askPages(clock));
  app.route('/', requestPages(options, clock));
  app.route('/', approvalPages(options, clock));
  app.route('/', sessionPages(clock));
  app.route('/', recordPages());
  app.route('/', accessReviewPages());
  app.route('/', policyPages());
  app.route('/', peoplePages(options));
  app.route('/', findingPages());
  app.route('/', generatePages(options));

  app.notFound((c) =>
    c.html(
      problemPage(c.get('frame') ?? { beside }, { title: 'Not found', say: 'There is no such page.' }),
      404,
    ),
  );
  app.onError((error, c) => {
    if (!(error instanceof ApiProblem))
      options.onDefect?.({ name: error.name, place: error.stack?.split('\n')[1]?.trim() });
    return tellProblem(c, error, c.get('frame') ?? { beside }, c.get('form'));
  });
  return app;
}
