import { randomBytes } from 'node:crypto';
import { openAsker } from '../../clients/iam/generate/open-asker.ts';
import type { ConsoleOptions } from '../../console/serve/console-options.ts';
import { CONSOLE_CLIENT } from '../issuer/serve-sign-in.ts';
import { MODEL } from '../reviewer/propose.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';

/** The name of this machine that passkeys and cookies take: an IP is no domain. */
export const onLocalhost = (url: string): string => url.replace('//127.0.0.1:', '//localhost:');

/** The console as it is on one machine: signed in through the sandbox's own issuer, as whom one picks. */
export function consoleOfSandbox(
  { aws, env, logs, chatUrl }: Pick<EdgeOptions, 'aws' | 'env' | 'logs' | 'chatUrl'>,
  url: () => string,
): ConsoleOptions {
  // Whoever was signed in before a restart signs in again.
  const secret = randomBytes(32).toString('base64url');
  return {
    publicUrl: () => onLocalhost(url()),
    apiUrl: () => `${url()}/oidc`,
    issuer: () => ({
      issuer: `${onLocalhost(url())}/issuer`,
      clientId: CONSOLE_CLIENT,
      scope: 'openid offline_access',
    }),
    cookieSecret: async () => secret,
    awsSignIn: () => [url()],
    streams: true,
    onDefect: ({ name, place }) =>
      logs.add({ functionName: 'console', loggedAtMs: Date.now(), text: `${name} ${place ?? ''}` }),
    beside: [
      ...(chatUrl ? ([['/chat', 'Support chat']] as const) : []),
      ['/slack', 'Slack'],
      ['/webhooks', 'Webhooks'],
    ],
    places: () => [
      ['API', `${url()}/api, described in ${url()}/api/openapi.json`],
      ['AWS', `${aws.url}, for issued sessions`],
      ['Reviewer', env.OPENAI_API_KEY ? 'OpenAI' : `${MODEL}: key words, no language model`],
    ],
    openAsker: () => openAsker(env),
  };
}
