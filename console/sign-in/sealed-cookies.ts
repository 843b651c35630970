import { type BaseSession, type CookieOptions, type Cookies, makeCookies } from './cookies.ts';
import { makeSealer } from './seal-cookie.ts';

/**
 * The cookies of these pages under the secret as it is now. A new value of it ends every session: whoever changes it because
 * a cookie was taken does not wait until no function is warm.
 */
export function sealedCookies<Session extends BaseSession>(
  secretNow: () => Promise<string>,
  options: () => CookieOptions<Session>,
): () => Promise<Cookies<Session>> {
  let made: { readonly secret: string; readonly cookies: Cookies<Session> } | undefined;
  return async () => {
    const secret = await secretNow();
    if (made?.secret !== secret) made = { secret, cookies: makeCookies(makeSealer(secret), options()) };
    return made.cookies;
  };
}
