import {
  type AgentStart,
  type ChatAgent,
  ModelDown,
  type StartAgent,
} from '../../console/chat/chat-agent.ts';
import { REGION } from '../../demo/place.ts';

type Place = {
  /** The broker's API, and AWS. */
  readonly api: string;
  readonly aws: string;
  /** The agent's own key, which may do nothing but ask. */
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Where the offline model answers. */
  readonly offlineModel: string;
  readonly env: Record<string, string | undefined>;
};

export const OFFLINE_MODEL = 'offline-support-rules';

/** The support agent of docs/examples, one for each conversation: the session that it gets is in its tools alone. */
export const supportAgentOf =
  ({ api, aws, key, offlineModel, env }: Place): StartAgent =>
  async ({ customer, subjectToken, onStep }: AgentStart): Promise<ChatAgent> => {
    // Loaded when somebody talks: nobody who starts the sandbox waits for it.
    const [{ default: OpenAI }, { makeAgent }, { makeTools }, { modelOf }] = await Promise.all([
      import('openai'),
      import('../../docs/examples/support-agent/agent.ts'),
      import('../../docs/examples/support-agent/tools.ts'),
      import('../../docs/examples/support-agent/setting.ts'),
    ]);
    const { name, ...connection } = modelOf(env) ?? {
      name: OFFLINE_MODEL,
      apiKey: 'none is needed',
      baseURL: offlineModel,
    };
    const run = makeTools({
      endpoint: api,
      identity: { credentials: async () => key, region: async () => REGION },
      subjectToken,
      region: REGION,
      awsEndpoint: aws,
      onProgress: (request) => onStep({ kind: 'progress', request }),
    });
    const answer = makeAgent({
      openai: new OpenAI({ ...connection, maxRetries: 1, timeout: 60_000 }),
      model: name,
      customer,
      async runTool(tool, args) {
        onStep({ kind: 'call', tool, args });
        const text = await run(tool, args);
        onStep({ kind: 'result', text });
        return text;
      },
      onStep(kind, piece) {
        if (kind === 'text') onStep({ kind, piece });
      },
    });
    return async (message) => {
      try {
        await answer(message);
      } catch (error) {
        if (error instanceof OpenAI.APIError) throw new ModelDown();
        throw error;
      }
    };
  };
