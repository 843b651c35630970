import { randomBytes } from 'node:crypto';
import type { StartAgent } from '../../console/chat/chat-agent.ts';
import { makeChat } from '../../console/chat/make-chat.ts';
import { scenesFor } from '../../demo/chat/scenes.ts';
import { OFFLINE_MODEL, sayModel, supportAgentOf } from '../../demo/chat/support-agent.ts';
import { REGION } from '../../demo/place.ts';
import { readSettings } from '../../infra/settings.ts';
import { CHAT_CLIENT } from '../issuer/serve-sign-in.ts';
import { listenLocally } from '../listen-locally.ts';
import type { ChatPartOptions, Edge } from '../sandbox-parts.ts';
import type { Access } from '../seed/seed.ts';

const AGENT = 'customer_support_agent';

/** The environment's model, or the rules that answer here. */
export async function modelIn(env: Record<string, string | undefined>, offline: string) {
  const { modelOf } = await import('../../docs/examples/support-agent/setting.ts');
  return modelOf(env) ?? { name: OFFLINE_MODEL, apiKey: 'none is needed', baseURL: offline };
}

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
      supportAgentOf({
        api: `${edge.url}/api`,
        region: REGION,
        aws: aws.url,
        identity: { credentials: async () => key, region: async () => REGION },
        customerInPrompts: readSettings().subjectsInPrompts,
        model: () => modelIn(env, `${edge.url}/v1`),
      }),
    model: sayModel(env.OPENAI_API_KEY && (env.OPENAI_MODEL || 'a language model')),
    scenes: scenesFor,
    onDefect: ({ name, place }) =>
      logs.add({ functionName: 'chat', loggedAtMs: Date.now(), text: `${name} ${place ?? ''}` }),
  });
  const server = await listenLocally(port, (request) => chat.fetch(request));
  url = server.url;
  return { url: `${url}/chat`, close: server.close };
}
