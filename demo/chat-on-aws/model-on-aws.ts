import { OFFLINE_MODEL } from '../chat/support-agent.ts';

type Options = {
  /** The model's name; none is there without. */
  readonly name: string | undefined;
  readonly baseURL: string | undefined;
  readonly apiKey: () => Promise<string>;
};

/** The model that the settings name, or the rules that answer without one, in this process. */
export async function modelOnAws({ name, baseURL, apiKey }: Options) {
  if (name) return { name, apiKey: await apiKey(), ...(baseURL && { baseURL }) };
  const { makeChatApi } = await import('../chat/serve-model.ts');
  const rules = makeChatApi();
  return {
    name: OFFLINE_MODEL,
    apiKey: 'none is needed',
    baseURL: 'https://model.invalid',
    fetch: async (...call: Parameters<typeof fetch>) => rules.fetch(new Request(...call)),
  };
}
