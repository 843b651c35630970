import { createHash, randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod';
import { ownFormsOnly } from '../edge/own-forms-only.ts';
import { page } from '../edge/page.ts';
import { pickPerson } from './pick-person.ts';

/** Milliseconds for which a code is good. */
const CODE_LASTS_MS = 60_000;
export const CLI_CLIENT = 'postern-cli';
/** The console, whose pages sign in by a redirect of their own. */
export const CONSOLE_CLIENT = 'postern-console';
/** The support chat, where the bank's customers sign in, and nobody who may ask for access. */
export const CHAT_CLIENT = 'postern-chat';

/**
 * Where each takes an answer, at any port of this machine (RFC 8252, section 7.3). The console's never comes to the chat's
 * host, whose text is an attacker's.
 */
const REDIRECTS = {
  [CLI_CLIENT]: /^http:\/\/127\.0\.0\.1:\d{1,5}\/callback$/,
  [CONSOLE_CLIENT]: /^http:\/\/localhost:\d{1,5}\/signed-in$/,
  [CHAT_CLIENT]: /^http:\/\/127\.0\.0\.1:\d{1,5}\/signed-in$/,
};

const wantedSchema = z
  .object({
    client_id: z.enum([CLI_CLIENT, CONSOLE_CLIENT, CHAT_CLIENT]),
    response_type: z.literal('code'),
    redirect_uri: z.string(),
    code_challenge: z.string().regex(/^[\w-]{43}$/),
    code_challenge_method: z.literal('S256'),
    state: z.string().max(500).default(''),
    scope: z.string().max(500).default(''),
    nonce: z.string().max(500).default(''),
  })
  .refine(({ client_id: client, redirect_uri: uri }) => REDIRECTS[client].test(uri));
type Issued = {
  person: string;
  client: string;
  nonce: string;
  redirectUri: string;
  challenge: string;
  untilMs: number;
};
export type Redeemed = Pick<Issued, 'person' | 'client' | 'nonce'>;

/** Who may sign in: people at the broker's clients, customers at the chat. */
export type SignInIds = { readonly people: readonly string[]; readonly customers: readonly string[] };

/** Authorization code with PKCE: the page, and the codes that it gives. */
export function serveSignIn(app: Hono, issuer: () => string, { people, customers }: SignInIds) {
  const idsFor = (client: string) => (client === CHAT_CLIENT ? customers : people);
  const codes = new Map<string, Issued>();
  const wrong = page('This is no sign-in', html`<p>Start it again where you began.</p>`);

  app.use('/authorize', ownFormsOnly);
  app.get('/authorize', (c) => {
    const wanted = wantedSchema.safeParse(c.req.query());
    if (!wanted.success) return c.html(wrong, 400);
    const ids = idsFor(wanted.data.client_id);
    return c.html(pickPerson('Sign in', ids, wanted.data, 'On one machine: as whom you pick.'));
  });
  app.post('/authorize', async (c) => {
    const form = await c.req.parseBody();
    const wanted = wantedSchema.safeParse(form);
    const ids = wanted.success ? idsFor(wanted.data.client_id) : [];
    const person = ids.find((id) => id === form.person);
    if (!wanted.success || !person) return c.html(wrong, 400);
    const { redirect_uri: redirectUri, code_challenge: challenge, state, nonce } = wanted.data;
    const { client_id: client } = wanted.data;
    const code = randomBytes(32).toString('base64url');
    codes.set(code, {
      ...{ person, client, nonce, redirectUri, challenge },
      untilMs: Date.now() + CODE_LASTS_MS,
    });
    const answer = new URL(redirectUri);
    answer.searchParams.set('code', code);
    answer.searchParams.set('state', state);
    answer.searchParams.set('iss', issuer());
    return c.redirect(answer.href);
  });

  return {
    /** Who a code signs in: once, for whoever holds its verifier. */
    redeem(code: string, redirectUri: string, verifier: string): Redeemed | undefined {
      const issued = codes.get(code);
      codes.delete(code);
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const isGood =
        issued?.redirectUri === redirectUri && issued.challenge === challenge && issued.untilMs > Date.now();
      return isGood ? issued : undefined;
    },
  };
}
export type SignInPage = ReturnType<typeof serveSignIn>;
