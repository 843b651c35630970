import * as z from 'zod';
import { eventMessageSchema } from '../../lambdas/shared/domain/events/event-message.ts';

/** The JSON Schema of what webhooks and the topic are told, and where it lies. */
export const WEBHOOK_SCHEMA = 'docs/webhook-event.schema.json';
export const webhookEventSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(eventMessageSchema, { io: 'input' }), undefined, 2)}\n`;
