import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod';
import type { AwsCredential } from '../aws/types.ts';
import { page } from './page.ts';

const sessionSchema = z.object({ sessionId: z.string(), sessionKey: z.string(), sessionToken: z.string() });

/** Milliseconds a sign-in token may be used for. */
const TOKEN_LASTS_MS = 15 * 60 * 1000;

/**
 * The console's federation endpoint, and in place of the console a page that shows who signed in and what
 * they may do.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
export function makeFederation(find: (accessKeyId: string) => AwsCredential | undefined): Hono {
  const tokens = new Map<string, { accessKeyId: string; until: number }>();

  const findCurrent = (accessKeyId: string) => {
    const credential = find(accessKeyId);
    const hasEnded = credential?.expiresAt !== undefined && credential.expiresAt.getTime() <= Date.now();
    return hasEnded ? undefined : credential;
  };

  function signInToken(session: string): string | undefined {
    const parsed = sessionSchema.safeParse(jsonOf(session));
    if (!parsed.success) return undefined;
    const { sessionId, sessionKey, sessionToken } = parsed.data;
    const credential = findCurrent(sessionId);
    if (credential?.secretAccessKey !== sessionKey || credential.sessionToken !== sessionToken)
      return undefined;
    const token = randomBytes(32).toString('base64url');
    tokens.set(token, { accessKeyId: sessionId, until: Date.now() + TOKEN_LASTS_MS });
    return token;
  }

  return new Hono().get('/', (c) => {
    const { Action, Session, SigninToken, Destination = '' } = c.req.query();
    c.header('cache-control', 'no-store');
    c.header('referrer-policy', 'no-referrer');
    if (Action === 'getSigninToken') {
      const token = signInToken(Session ?? '');
      return token
        ? c.json({ SigninToken: token })
        : c.json({ message: 'The session is not known, or has ended.' }, 400);
    }
    const signIn = tokens.get(SigninToken ?? '');
    const credential = signIn && signIn.until > Date.now() ? findCurrent(signIn.accessKeyId) : undefined;
    if (Action !== 'login' || !credential) {
      return c.html(
        page('Sign-in expired', html`<p>Ask for a new sign-in URL: this one is not good any more.</p>`),
        400,
      );
    }
    const { caller, expiresAt } = credential;
    return c.html(
      page(
        'Signed in',
        html`<dl>
            <dt>Session</dt>
            <dd><code>${caller.arn}</code></dd>
            <dt>Principal (source identity)</dt>
            <dd>${caller.sourceIdentity ?? 'none'}</dd>
            ${Object.entries(caller.principalTags).map(
              ([tag, value]) => html`<dt>Tag <code>${tag}</code></dt><dd>${value}</dd>`,
            )}
            <dt>Opens on AWS</dt>
            <dd><code>${Destination}</code></dd>
            <dt>Ends</dt>
            <dd>${expiresAt?.toISOString() ?? 'with the sandbox'}</dd>
          </dl>
          <h2>What this session may do</h2>
          <pre>${JSON.stringify(caller.sessionPolicy ?? {}, null, 2)}</pre>`,
      ),
    );
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
