import { type Webhook, webhooksSchema } from '../../domain/events/webhook.ts';

/** The webhooks that the deployment's configuration names. */
export function readWebhooks(): readonly Webhook[] {
  const { WEBHOOKS: text } = process.env;
  return text ? webhooksSchema.parse(JSON.parse(text)) : [];
}
