import { randomBytes } from 'node:crypto';
import type { StartAgent } from '../../console/chat/chat-agent.ts';
import { makeChat } from '../../console/chat/make-chat.ts';
import { CHAT_CLIENT } from '../issuer/serve-sign-in.ts';
import { listenLocally } from '../listen-locally.ts';
import type { ChatPartOptions, Edge } from '../sandbox-parts.ts';
import type { Access } from '../seed/seed.ts';
import { scenesFor } from './scenes.ts';
import { OFFLINE_MODEL, supportAgentOf } from './support-agent.ts';

const AGENT = 'customer_support_agent';

type ChatOfSandbox = Omit<ChatPartOptions<Access>, 'edge'> & {
  readonly edge: Pick<Edge, 'url' | 'consoleUrl'>;
  /** Another than the support agent. For tests. */
  readonly startAgent?: StartAgent;
};

/**
 * The support chat on a port of its own, and by the machine's address where the console goes by its name: ports tell
 * origins apart, but a browser keeps cookies by host alone.
 */
export async function startSandboxChat({ port, edge, aws, env, logs, access, startAgent }: ChatOfSandbox) {
  const key = access.principals[AGENT];
  if (!key) throw new Error(`the demo has no ${AGENT}`);
  // Whoever was signed in before a restart signs in again.
  const secret = randomBytes(32).toString('base64url');
  let url = '';
  const chat = makeChat({
    publicUrl: () => url,
    issuer: () => ({
      issuer: `${edge.consoleUrl}/issuer`,
      clientId: CHAT_CLIENT,
      scope: 'openid offline_access',
    }),
    cookieSecret: async () => secret,
    startAgent:
      startAgent ??
      supportAgentOf({ api: `${edge.url}/api`, aws: aws.url, key, offlineModel: `${edge.url}/v1`, env }),
    model: env.OPENAI_API_KEY
      ? `Answers come from ${env.OPENAI_MODEL || 'a language model'}`
      : `Answers come from ${OFFLINE_MODEL}: a few rules, no language model`,
    scenes: scenesFor,
    onDefect: ({ name, place }) =>
      logs.add({ functionName: 'chat', loggedAtMs: Date.now(), text: `${name} ${place ?? ''}` }),
  });
  const server = await listenLocally(port, (request) => chat.fetch(request));
  url = server.url;
  return { url: `${url}/chat`, close: server.close };
}
