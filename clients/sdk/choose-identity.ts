import { isLoggedIn, loginFileOf } from '../login/login-file.ts';
import { type CallerIdentity, ordinaryIdentity } from './caller-identity.ts';
import { type TokenSource, tokenIdentity, tokenOfEnvironment } from './token-identity.ts';

/** The token of the login to a broker; what keeps and renews it is loaded when it is first needed. */
function tokenOfLogin(file: string): TokenSource {
  let opened: Promise<TokenSource> | undefined;
  const open = () => {
    opened ??= import('../login/open-login.ts').then(({ openLogin }) => openLogin(file));
    return opened;
  };
  return {
    token: async () => (await open()).token(),
    prove: async (call) => (await open()).prove?.(call),
  };
}

/**
 * Who calls the broker, in this order: a profile that is named; the token that the environment names; the login to this
 * broker; the ordinary AWS chain. What is named is used or fails: nobody becomes somebody else because a file cannot be
 * read.
 */
export function chooseIdentity({
  endpoint = process.env.POSTERN_API,
  ...options
}: {
  profile?: string;
  region?: string;
  endpoint?: string | undefined;
} = {}): CallerIdentity {
  const ordinary = ordinaryIdentity(options);
  if (options.profile) return ordinary;
  const source = tokenOfEnvironment(process.env);
  if (source) return tokenIdentity(source, ordinary);
  const file = endpoint && isLoggedIn(endpoint, process.env) ? loginFileOf(endpoint, process.env) : undefined;
  return file ? tokenIdentity(tokenOfLogin(file), ordinary) : ordinary;
}
