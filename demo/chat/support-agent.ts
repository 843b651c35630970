import {
  type AgentStart,
  type ChatAgent,
  ModelDown,
  type StartAgent,
} from '../../console/chat/chat-agent.ts';
import type { ToolOptions } from '../../docs/examples/support-agent/tools.ts';
import type { SubjectsInPrompts } from '../../lambdas/shared/domain/subjects/subjects-in-prompts.ts';

/** A model that speaks the Chat Completions API. */
type Model = {
  readonly name: string;
  readonly apiKey: string;
  readonly baseURL?: string;
  /** Answers in place of the network. */
  readonly fetch?: typeof fetch;
};

type Place = {
  /** The broker's API. */
  readonly api: string;
  readonly region: string;
  /** AWS; the region's own where absent. */
  readonly aws?: string | undefined;
  /** The agent's own, which may do nothing but ask. */
  readonly identity: ToolOptions['identity'];
  readonly model: () => Promise<Model>;
  /** Whether the model is told who the customer is. */
  readonly customerInPrompts?: SubjectsInPrompts;
};

export const OFFLINE_MODEL = 'offline-support-rules';

/** What answers, as people are told it. */
export const sayModel = (name: string | undefined): string =>
  name ? `Answers come from ${name}` : `Answers come from ${OFFLINE_MODEL}: a few rules, no language model`;

const ROLES = { customer: 'user', agent: 'assistant' } as const;

/** The support agent of docs/examples, one for each conversation: the session that it gets is in its tools alone. */
export const supportAgentOf =
  ({ api, region, aws, identity, model, customerInPrompts }: Place): StartAgent =>
  async ({ customer, subjectToken, onStep, signal, earlier = [] }: AgentStart): Promise<ChatAgent> => {
    // Loaded when somebody talks: nobody who starts the sandbox waits for it.
    const [{ default: OpenAI }, { makeAgent }, { makeTools }, { name, ...connection }] = await Promise.all([
      import('openai'),
      import('../../docs/examples/support-agent/agent.ts'),
      import('../../docs/examples/support-agent/tools.ts'),
      model(),
    ]);
    const run = makeTools({
      endpoint: api,
      identity,
      subjectToken,
      region,
      awsEndpoint: aws,
      onProgress: (request) => onStep({ kind: 'progress', request }),
      signal,
    });
    const answer = makeAgent({
      openai: new OpenAI({ ...connection, maxRetries: 1, timeout: 60_000 }),
      model: name,
      customer,
      customerInPrompts,
      signal,
      earlier: earlier.map(({ who, text: content }) => ({ role: ROLES[who], content })),
      async runTool(tool, args) {
        signal?.throwIfAborted();
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
        if (error instanceof OpenAI.APIError && !signal?.aborted) throw new ModelDown();
        throw error;
      }
    };
  };
