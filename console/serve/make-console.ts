import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiProblem } from '../api/api-problem.ts';
import { serveAssets } from '../assets/serve-assets.ts';
import { makeCookies } from '../sign-in/cookies.ts';
import { type IssuerClient, makeIssuerClient } from '../sign-in/issuer.ts';
import { makeSealer } from '../sign-in/seal-cookie.ts';
import { problemPage } from '../views/pages/problem-page.ts';
import { approvalPages } from './approval-pages.ts';
import type { ConsoleEnv, ConsoleOptions } from './console-options.ts';
import { findingPages } from './finding-pages.ts';
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

/** Makes something when it is first asked for; again where that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** The issuer is known once the pages' own address is. */
function lateIssuer(options: ConsoleOptions, clock: () => Date): IssuerClient {
  let made: IssuerClient | undefined;
  const client = () => {
    made ??= makeIssuerClient(options.issuer(), () => clock().getTime());
    return made;
  };
  return {
    start: (redirectUri) => client().start(redirectUri),
    finish: (answer, started) => client().finish(answer, started),
    refresh: (refreshToken) => client().refresh(refreshToken),
    end: (refreshToken) => client().end(refreshToken),
  };
}

/**
 * The console: pages that read and act only through the API, as the person signed in. It keeps nothing but what it
 * seals into that person's cookies.
 */
export function makeConsole(options: ConsoleOptions): Hono<ConsoleEnv> {
  const { publicUrl, cookieSecret, clock = () => new Date(), beside = [] } = options;
  const cookies = once(async () =>
    makeCookies(makeSealer(await cookieSecret()), publicUrl().startsWith('https:')),
  );
  const issuer = lateIssuer(options, clock);
  const deps = { cookies, issuer, clock };
  const app = new Hono<ConsoleEnv>();

  app.use(
    guardPages(options),
    onOwnHost(options),
    bodyLimit({ maxSize: MOST_FORM_BYTES }),
    ownForms(options),
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
  app.route('/', requestPages(options, clock));
  app.route('/', approvalPages(clock));
  app.route('/', sessionPages(clock));
  app.route('/', recordPages());
  app.route('/', policyPages());
  app.route('/', peoplePages());
  app.route('/', findingPages(options));

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
