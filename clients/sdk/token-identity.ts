import { readFile } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import * as z from 'zod';
import type { CallerIdentity } from './caller-identity.ts';
import { PosternError } from './postern-error.ts';
import { networkFetch } from './use-proxies.ts';

/** Characters of a token, of which the broker takes as many. */
const MAX_TOKEN_LENGTH = 8_192;

/** A token as it is sent, and a proof of the key that it is bound to, where it is. */
export type TokenSource = {
  readonly token: () => Promise<string>;
  /** A DPoP proof for one call (RFC 9449). */
  readonly prove?: (call: { method: string; url: URL; token: string }) => Promise<string | undefined>;
};

const unreadable = (detail: string) => new PosternError({ code: 'token_unreadable', detail });

/** A token that a file holds, read anew each time: platforms write a new one before the old one ends. */
export function tokenInFile(file: string): TokenSource {
  return {
    async token() {
      const text = await readFile(file, 'utf8').catch(() => {
        throw unreadable(
          `The token file that POSTERN_WEB_IDENTITY_TOKEN_FILE names cannot be read: ${file}.`,
        );
      });
      const token = text.trim();
      if (token === '' || token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))
        throw unreadable(`There is not one token in ${file}.`);
      return token;
    },
  };
}

/**
 * A token of the GitHub Actions job that this runs in, minted anew each time, for the broker's audience.
 * @see https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function tokenOfGitHub(requestUrl: string, requestToken: string, audience: string): TokenSource {
  return {
    async token() {
      const url = new URL(requestUrl);
      url.searchParams.set('audience', audience);
      const send = await networkFetch();
      const response = await send(url, {
        headers: { authorization: `Bearer ${requestToken}` },
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      const answer = z
        .object({ value: z.string().min(1) })
        .safeParse(await response?.json().catch(() => undefined));
      if (!response?.ok || !answer.success)
        throw unreadable('GitHub gave this job no token: it needs the permission id-token: write.');
      return answer.data.value;
    },
  };
}

/** Who a token says it is of. Read, not verified: it names the caller on this machine, and decides nothing. */
export function readTokenClaims(token: string): {
  issuer: string;
  subject: string;
  actor?: string;
  endsAt?: Date;
} {
  try {
    const { iss = '', sub = '', exp, act } = decodeJwt(token);
    const actor = z.object({ sub: z.string() }).safeParse(act);
    return {
      issuer: iss,
      subject: sub,
      ...(actor.success && { actor: actor.data.sub }),
      ...(exp !== undefined && { endsAt: new Date(exp * 1000) }),
    };
  } catch {
    throw unreadable('What is to sign you in is not a token (a JWT).');
  }
}

/**
 * A token of the environment: the file that POSTERN_WEB_IDENTITY_TOKEN_FILE names, else one of the GitHub Actions job,
 * where POSTERN_TOKEN_AUDIENCE says for whom; undefined where there is neither.
 */
export function tokenOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): TokenSource | undefined {
  const { POSTERN_WEB_IDENTITY_TOKEN_FILE: file, POSTERN_TOKEN_AUDIENCE: audience } = env;
  if (file) return tokenInFile(file);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = env;
  return audience && url && token ? tokenOfGitHub(url, token, audience) : undefined;
}

/** An identity that brings tokens, and has no keys. Its region is that of `base`, which needs no credentials for it. */
export const tokenIdentity = (source: TokenSource, base: Pick<CallerIdentity, 'region'>): CallerIdentity => ({
  region: base.region,
  ...source,
  async credentials() {
    const detail = 'You sign in with a token here, which has no AWS keys.';
    throw new PosternError({ code: 'no_credentials', detail });
  },
});
