import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { decodeJwt } from 'jose';
import { type Files, serveAssets } from '../assets/serve-assets.ts';
import { guardPages, onOwnHost, ownForms } from '../serve/guard-pages.ts';
import { type BaseSession, baseSessionSchema } from '../sign-in/cookies.ts';
import { lateIssuer } from '../sign-in/issuer.ts';
import { sealedCookies } from '../sign-in/sealed-cookies.ts';
import { signInRoutes } from '../sign-in/sign-in-routes.ts';
import type { ChatSiteOptions } from './chat-options.ts';
import { toldPage } from './chat-page.ts';
import { type ChatEnv, tellChat, withCustomer } from './with-customer.ts';

/** Bytes of a form: one message, at four bytes a character, escaped. */
const MOST_FORM_BYTES = 32 * 1024;

/** No text becomes markup in these pages, by whatever way it came: browsers refuse it (Trusted Types). */
const NO_MARKUP = "require-trusted-types-for 'script'; trusted-types 'none'";

const signIn = html`<a class="button first" href="/sign-in?to=/chat">Sign in</a>`;

type ChatParts = {
  /** What is shown to whoever is signed in. */
  readonly pages: Hono<ChatEnv>;
  readonly files: Files;
  /** Where the script connects to beside these pages. */
  readonly connectTo?: () => readonly string[];
  /** A sign-in is over. */
  readonly onSignOut?: (session: BaseSession) => void;
};

/** Tells a defect by its name and place, and never by its message. */
export const defectsTo =
  (told: ChatSiteOptions['onDefect']) =>
  (error: unknown): void =>
    told?.({
      name: error instanceof Error ? error.name : 'unknown',
      place: error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined,
    });

/**
 * What stands around the pages of a support chat, on an origin of its own: what an agent writes may be an attacker's. Cookies
 * have names and a key of their own, customers sign in, and forms are taken from these pages alone.
 */
export function makeChatApp(
  options: Omit<ChatSiteOptions, 'model' | 'scenes'>,
  { pages, files, connectTo, onSignOut }: ChatParts,
): Hono<ChatEnv> {
  const { publicUrl, cookieSecret, clock = () => new Date() } = options;
  const onDefect = defectsTo(options.onDefect);
  const cookies = sealedCookies(cookieSecret, () => ({
    isSecure: publicUrl().startsWith('https:'),
    name: 'postern_chat',
    schema: baseSessionSchema,
  }));
  const issuer = lateIssuer(options.issuer, clock);
  const deps = { cookies, issuer, clock };
  const app = new Hono<ChatEnv>();

  app.use(
    guardPages({ publicUrl, more: NO_MARKUP, ...(connectTo && { connectTo }) }),
    onOwnHost({ publicUrl }),
    bodyLimit({
      maxSize: MOST_FORM_BYTES,
      onError: (c) => tellChat(c, 413, { title: 'Not sent', say: 'That is more than a message takes.' }),
    }),
    ownForms({
      publicUrl,
      refuse: (c) =>
        tellChat(c, 403, { title: 'Not sent', say: 'This was not sent by a page of this chat.' }),
    }),
  );
  app.route('/', serveAssets(files));
  app.route(
    '/',
    signInRoutes({
      ...deps,
      publicUrl,
      // The issuer gave it to us itself; the broker verifies it whenever an agent asks with it.
      sessionFor: async (began) => ({
        ...began,
        who: baseSessionSchema.shape.who.parse(decodeJwt(began.token).sub),
      }),
      onRefused(_c, error) {
        throw error;
      },
      tell: (c, status, told) => c.html(toldPage({}, { ...told, next: signIn }), status),
    }),
  );
  app.get('/', (c) => c.redirect('/chat', 302));
  app.get('/signed-out', (c) =>
    c.html(
      toldPage(
        {},
        {
          title: 'Signed out',
          say: 'Your conversations are ended, and the agent’s access with them.',
          next: signIn,
        },
      ),
    ),
  );
  app.use(withCustomer(deps));
  app.post('/sign-out', async (c) => {
    const session = c.get('session');
    onSignOut?.(session);
    (await cookies()).dropSession(c);
    if (session.refreshToken) await issuer.end(session.refreshToken);
    return c.redirect('/signed-out', 303);
  });
  app.route('/', pages);
  app.notFound((c) => tellChat(c, 404, { title: 'Not found', say: 'There is no such page.' }));
  app.onError((error, c) => {
    onDefect(error);
    return tellChat(c, 500, { title: 'Something is wrong here', say: 'Nothing was sent.' });
  });
  return app;
}
