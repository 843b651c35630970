import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { decodeJwt } from 'jose';
import { serveAssets } from '../assets/serve-assets.ts';
import { guardPages, onOwnHost, ownForms } from '../serve/guard-pages.ts';
import { baseSessionSchema } from '../sign-in/cookies.ts';
import { lateIssuer } from '../sign-in/issuer.ts';
import { sealedCookies } from '../sign-in/sealed-cookies.ts';
import { signInRoutes } from '../sign-in/sign-in-routes.ts';
import { CHAT_FILES } from './chat-assets.ts';
import type { ChatOptions } from './chat-options.ts';
import { toldPage } from './chat-page.ts';
import { chatPages } from './chat-pages.ts';
import { makeConversations } from './conversations.ts';
import { type ChatEnv, tellChat, withCustomer } from './with-customer.ts';

/** Bytes of a form: one message, at four bytes a character, escaped. */
const MOST_FORM_BYTES = 32 * 1024;

/** No text becomes markup in these pages, by whatever way it came: browsers refuse it (Trusted Types). */
const NO_MARKUP = "require-trusted-types-for 'script'; trusted-types 'none'";

const signIn = html`<a class="button first" href="/sign-in?to=/chat">Sign in</a>`;

/**
 * The support chat, on an origin of its own: what an agent writes may be an attacker's. Cookies have names and a key of
 * their own; conversations, and whatever access their agents have, stay in this process.
 */
export function makeChat(options: ChatOptions): Hono<ChatEnv> {
  const { publicUrl, cookieSecret, startAgent, clock = () => new Date() } = options;
  const onDefect = (error: unknown) =>
    options.onDefect?.({
      name: error instanceof Error ? error.name : 'unknown',
      place: error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined,
    });
  const cookies = sealedCookies(cookieSecret, () => ({
    isSecure: publicUrl().startsWith('https:'),
    name: 'postern_chat',
    schema: baseSessionSchema,
  }));
  const issuer = lateIssuer(options.issuer, clock);
  const deps = { cookies, issuer, clock };
  const conversations = makeConversations({ startAgent, clock, onDefect });
  const app = new Hono<ChatEnv>();

  app.use(
    guardPages({ publicUrl, more: NO_MARKUP }),
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
  app.route('/', serveAssets(CHAT_FILES));
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
    conversations.endAll(session);
    (await cookies()).dropSession(c);
    if (session.refreshToken) await issuer.end(session.refreshToken);
    return c.redirect('/signed-out', 303);
  });
  app.route('/', chatPages(options, { conversations, clock, onDefect }));
  app.notFound((c) => tellChat(c, 404, { title: 'Not found', say: 'There is no such page.' }));
  app.onError((error, c) => {
    onDefect(error);
    return tellChat(c, 500, { title: 'Something is wrong here', say: 'Nothing was sent.' });
  });
  return app;
}
