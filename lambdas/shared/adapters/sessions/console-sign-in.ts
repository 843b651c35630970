import * as z from 'zod';
import { hostsOf } from '../../domain/partition-hosts.ts';
import type { SessionCredentials } from '../../domain/session.ts';
import { consoleDestination } from '../../domain/session-policy/console-destination.ts';

/** Milliseconds. Signing in to the console is a convenience: it never holds up the credentials for long. */
const TIMEOUT_MS = 3_000;

const answerSchema = z.object({ SigninToken: z.string().min(1) });

/**
 * Console sign-in URLs for issued sessions; one is good for 15 minutes. No `SessionDuration` is given: the
 * endpoint refuses it for role-chained credentials.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
export function makeConsoleSignIn(
  deps: {
    /** In place of the sign-in endpoint of the session's partition. */
    endpoint?: string | undefined;
    /** Where the console opens, for what is of no region. */
    region?: string | undefined;
    issuer?: string;
    /** In place of Node's own, which goes by no proxy. */
    fetch?: typeof globalThis.fetch;
  } = {},
) {
  const urlWith = (endpoint: string, query: Record<string, string>) => {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  };
  return {
    /**
     * A sign-in URL that opens at the first resource of the session policy; undefined where the endpoint does not answer as documented, or the session is of a partition
     * whose endpoint is not known: keys are sent to no other partition.
     */
    async urlFor(credentials: SessionCredentials, sessionPolicy?: string): Promise<string | undefined> {
      const hosts = hostsOf(credentials.assumedRoleArn);
      if (!hosts) return undefined;
      const endpoint = deps.endpoint || `https://${hosts.signIn}/federation`;
      const session = JSON.stringify({
        sessionId: credentials.accessKeyId,
        sessionKey: credentials.secretAccessKey,
        sessionToken: credentials.sessionToken,
      });
      try {
        const send = deps.fetch ?? fetch;
        const response = await send(urlWith(endpoint, { Action: 'getSigninToken', Session: session }), {
          signal: AbortSignal.timeout(TIMEOUT_MS),
          redirect: 'error',
        });
        if (!response.ok) return undefined;
        const { SigninToken } = answerSchema.parse(await response.json());
        const login = {
          Action: 'login',
          Issuer: deps.issuer ?? 'postern',
          Destination: consoleDestination(credentials.assumedRoleArn, sessionPolicy, deps.region) ?? '',
          SigninToken,
        };
        return urlWith(endpoint, login).href;
      } catch {
        // The error may quote the URL, and with it the session: it is neither logged nor passed on.
        return undefined;
      }
    },
  };
}
