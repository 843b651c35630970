import { Webhook as Signer } from 'standardwebhooks';
import * as z from 'zod';
import type { Secrets } from '../runtime/secrets.ts';

/** `whsec_` and 24 to 64 bytes in base64. */
const secretSchema = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/);
/** By the webhook's name; two while a secret is replaced: then each delivery carries both signatures. */
const secretsSchema = z.record(z.string(), z.union([secretSchema, z.array(secretSchema).min(1).max(2)]));

/**
 * Signs deliveries with the webhook's secret, which is read when it is first needed and every five minutes. Throws
 * where there is none, without quoting another: nothing goes out unsigned.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function makeSignWebhook(deps: { secrets: Pick<Secrets, 'read'>; secretId: () => string }) {
  return async (
    { webhook, id, body }: { webhook: string; id: string; body: string },
    sentAt: Date,
  ): Promise<Record<string, string>> => {
    const parsed = secretsSchema.safeParse(parseJson(await deps.secrets.read(deps.secretId())));
    const own = parsed.data && Object.hasOwn(parsed.data, webhook) ? parsed.data[webhook] : undefined;
    if (!own) throw new Error(`the secret postern/webhooks must be JSON with a whsec_… for ${webhook}`);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': [own]
        .flat()
        .map((secret) => new Signer(secret).sign(id, sentAt, body))
        .join(' '),
    };
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
