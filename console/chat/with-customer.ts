import type { Context, MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import type { BaseSession } from '../sign-in/cookies.ts';
import { currentSession, isSame, type SessionDeps } from '../sign-in/current-session.ts';
import { toldPage } from './chat-page.ts';

export type ChatEnv = { Variables: { session: BaseSession; form: URLSearchParams } };

/** Milliseconds before its end at which a token is renewed: an agent may wait two minutes for people with it. */
const RENEW_BEFORE_MS = 180_000;

type Told = { readonly title: string; readonly say: string };

/** Tells it as whoever called reads it: the script as JSON, everybody else as a page. */
export function tellChat(
  c: Context,
  status: 401 | 403 | 404 | 409 | 413 | 422 | 500 | 503,
  told: Told,
  typed?: string,
) {
  if (c.req.header('accept') === 'application/json')
    return c.json({ say: `${told.title}. ${told.say}` }, status);
  const { who, csrf } = (c.get('session') as BaseSession | undefined) ?? {};
  const next =
    status === 401
      ? html`<a class="button first" href="/sign-in?to=/chat">Sign in again</a>`
      : html`<a class="button first" href="/chat">To the chat</a>`;
  return c.html(toldPage({ who, csrf }, { ...told, next, ...(typed && { typed }) }), status);
}

/** Knows which customer calls before anything is shown or said. Whoever is not signed in is sent to do so. */
export const withCustomer =
  (deps: Omit<SessionDeps<BaseSession>, 'renewBeforeMs'>): MiddlewareHandler<ChatEnv> =>
  async (c, next) => {
    const session = await currentSession(c, { ...deps, renewBeforeMs: RENEW_BEFORE_MS });
    const form = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URLSearchParams();
    const typed = form.get('message') ?? '';
    if (!session) {
      const { pathname } = new URL(c.req.url);
      if (c.req.method === 'GET' && !pathname.endsWith('/events'))
        return c.redirect(`/sign-in?${new URLSearchParams({ to: pathname })}`, 302);
      const told = {
        title: 'Your sign-in has ended',
        say: 'Nothing was sent. Sign in again and say it once more.',
      };
      return tellChat(c, 401, told, typed);
    }
    c.set('session', session);
    c.set('form', form);
    if (c.req.method === 'POST' && !isSame(form.get('csrf') ?? '', session.csrf)) {
      const say = `This page is of another sign-in than yours as ${session.who}. Open it again.`;
      return tellChat(c, 403, { title: 'Not sent', say }, typed);
    }
    await next();
  };
