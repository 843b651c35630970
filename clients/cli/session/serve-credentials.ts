import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../../sdk/postern.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { isSecret, newSecret } from './bearer-secret.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';

export type CredentialServer = {
  /** What an AWS SDK needs in its environment to use it. */
  readonly environment: {
    readonly AWS_CONTAINER_CREDENTIALS_FULL_URI: string;
    readonly AWS_CONTAINER_AUTHORIZATION_TOKEN: string;
  };
  close(): Promise<void>;
};

const PATH = '/credentials';

/**
 * Serves a session on loopback, in the form of the container credential endpoint, to whoever has the token.
 * The session is asked for when the first SDK asks. `Host` must be the address itself: a web page cannot
 * reach it by a name of its own.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function serveCredentials(
  provide: () => Promise<Access>,
  { port = 0 }: { port?: number } = {},
): Promise<CredentialServer> {
  const token = newSecret();
  let host = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.headers.host !== host) return say(421, { code: 'MisdirectedRequest', message: 'wrong host' });
    if (!isSecret(request.headers.authorization, token))
      return say(401, { code: 'Unauthorized', message: 'wrong token' });
    if (request.method !== 'GET' || request.url !== PATH)
      return say(404, { code: 'NotFound', message: 'no such path' });
    try {
      const access = await provide();
      say(200, {
        AccessKeyId: access.accessKeyId,
        SecretAccessKey: access.secretAccessKey,
        Token: access.sessionToken,
        Expiration: access.expiration.toISOString(),
        RoleArn: access.assumedRoleArn,
      });
    } catch (error) {
      // 4xx: SDKs retry 5xx, and a denial does not pass.
      const [code, message] =
        error instanceof PosternError
          ? [error.code, error.message]
          : ['error', 'the session could not be had'];
      say(code === 'broker_unreachable' ? 503 : 403, { code, message });
    }
  }

  const loopback = await listenOnLoopback(port, (request, response) => void answer(request, response));
  host = loopback.host;
  return {
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${host}${PATH}`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    },
    close: loopback.close,
  };
}
