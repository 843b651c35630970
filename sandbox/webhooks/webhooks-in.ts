import { type Webhook, webhooksSchema } from '../../lambdas/shared/domain/events/webhook.ts';
import type { ResolvedTemplate } from '../template/types.ts';

/** The webhooks that the template's functions know. */
export function webhooksIn({ functions }: Pick<ResolvedTemplate, 'functions'>): readonly Webhook[] {
  const text = functions.find(({ name }) => name === 'postern-deliver-webhook')?.env.WEBHOOKS;
  return text ? webhooksSchema.parse(JSON.parse(text)) : [];
}
