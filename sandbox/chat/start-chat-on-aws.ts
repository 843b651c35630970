import { AUDIENCE } from '../../demo/principals.ts';
import { problemResponse } from '../../lambdas/shared/http/problem-response.ts';
import { Problem } from '../../lambdas/shared/http/problems.ts';
import { answerOf } from '../edge/api-answer.ts';
import { httpEventOf } from '../edge/http-event.ts';
import { CHAT_CLIENT } from '../issuer/serve-sign-in.ts';
import { listenLocally } from '../listen-locally.ts';
import type { EdgeOptions } from '../sandbox-parts.ts';
import { startWebSocket } from '../web-sockets/start-web-socket.ts';

const PAGES = 'postern-chat-pages';

/**
 * The chat as it is on AWS, where the template has it: its pages' HTTP API and its WebSocket, each on a port of its own.
 * Undefined where it has none.
 */
export async function startChatOnAws(
  options: Pick<EdgeOptions, 'template' | 'aws' | 'invoke' | 'logs'>,
  issuer: string,
) {
  const { template, invoke, logs } = options;
  const [spec] = template.webSockets;
  if (!spec) return undefined;
  const socket = await startWebSocket(spec, options);
  const pages = await listenLocally(0, async (request) => {
    try {
      const api = { apiId: 'sandbox-chat', routeKey: 'ANY /{proxy+}' };
      return answerOf(await invoke(PAGES, httpEventOf(request, await request.arrayBuffer(), api)));
    } catch (error) {
      logs.add({ functionName: PAGES, loggedAtMs: Date.now(), text: `not answered: ${String(error)}` });
      return problemResponse(new Problem('internal_error', 'The function failed; its log says why.'));
    }
  });
  return {
    url: `${pages.url}/chat`,
    socketUrl: socket.url,
    /** What its functions are told, in place of what the template says. */
    declared: {
      CHAT_PUBLIC_URL: pages.url,
      CHAT_SOCKET_URL: socket.url,
      CHAT_CONNECTIONS_URL: socket.connectionsUrl,
      CHAT_ISSUER: issuer,
      CHAT_CLIENT_ID: CHAT_CLIENT,
      CHAT_SCOPE: 'openid offline_access',
      CHAT_CUSTOMERS: JSON.stringify([{ issuer, audiences: [AUDIENCE] }]),
    },
    async close(): Promise<void> {
      await pages.close();
      await socket.close();
    },
  };
}
