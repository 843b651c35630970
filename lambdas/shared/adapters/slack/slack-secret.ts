import * as z from 'zod';
import type { Secrets } from '../runtime/secrets.ts';

const slackSecretSchema = z.object({
  /** `xoxb-…`: what the app posts with. */
  botToken: z.string().min(1),
  /** What Slack signs its calls with. */
  signingSecret: z.string().min(16),
  /** The one workspace whose clicks count. */
  teamId: z.string().regex(/^[TE][A-Z0-9]+$/),
});
/** The Slack app's secrets, as one JSON text: see docs/deploy.md. */
export type SlackSecret = z.infer<typeof slackSecretSchema>;

/** Reads the Slack app's secrets. Throws where they are not what they should be, without quoting them. */
export function makeSlackSecret(deps: { secrets: Secrets; secretId: string }): () => Promise<SlackSecret> {
  return async () => {
    const text = await deps.secrets.read(deps.secretId);
    const parsed = slackSecretSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new Error('the secret postern/slack must be JSON with botToken, signingSecret and teamId');
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
