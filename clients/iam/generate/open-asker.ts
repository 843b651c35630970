import type { AskReviewer } from '../../../lambdas/shared/domain/review.ts';

/** Where models are asked that nobody says another place of. */
const OPENAI = 'https://api.openai.com/v1';
const MODEL = 'gpt-5-mini';

type Env = Readonly<Record<string, string | undefined>>;

/** Who reads the prose: the reviewer's own client, where there is a key for a model; else the offline matcher. */
export async function openAsker(
  env: Env,
  isOffline = false,
): Promise<{ readonly ask: AskReviewer; readonly isOffline: boolean }> {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = env;
  if (isOffline || !key) {
    const { askOffline } = await import('./offline/ask-offline.ts');
    return { ask: askOffline, isOffline: true };
  }
  // Loaded here alone: no other command pays for it.
  const { makeOpenaiReviewer } = await import('../../../lambdas/shared/adapters/reviewer/ask-openai.ts');
  const ask = makeOpenaiReviewer({
    baseUrl: baseUrl || OPENAI,
    model: model || MODEL,
    apiKey: async () => key,
  });
  return { ask, isOffline: false };
}
