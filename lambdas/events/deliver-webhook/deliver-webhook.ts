import * as z from 'zod';
import { type Delivery, deliverySchema, type Webhook } from '../../shared/domain/events/webhook.ts';
import { retryDelayOf } from './retry-delay.ts';

/** As much of a queue's record as is needed. */
const eventSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string(),
        receiptHandle: z.string(),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().min(1) }),
      }),
    )
    .min(1),
});

type Ports = {
  readonly webhooks: readonly Webhook[];
  /** The headers that a delivery is verified by. */
  readonly sign: (delivery: Delivery, sentAt: Date) => Promise<Record<string, string>>;
  /** Posts it, and answers the status. */
  readonly post: (
    webhook: Webhook,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Promise<number>;
  readonly queue: { postpone(receiptHandle: string, seconds: number): Promise<void> };
  readonly clock: () => Date;
  readonly log: (fields: Record<string, unknown>) => void;
  readonly warn: (fields: Record<string, unknown>) => void;
};

/**
 * Delivers what waits in the queue for webhooks. Only a 2xx counts as delivered; all else is tried again later and
 * later, by the queue, and given up to its dead letters. Answers which records are not done with: the first that failed
 * and all behind it, so that their order is kept.
 */
export function makeDeliverWebhook(ports: Ports) {
  return async (event: unknown) => {
    const { Records } = eventSchema.parse(event);
    for (const [index, record] of Records.entries()) {
      const { messageId, receiptHandle, body, attributes } = record;
      try {
        await deliver(deliverySchema.parse(JSON.parse(body)), ports);
      } catch (error) {
        const seconds = retryDelayOf(attributes.ApproximateReceiveCount);
        ports.warn({ messageId, because: reasonOf(error), retryInSeconds: seconds });
        await ports.queue.postpone(receiptHandle, seconds);
        return {
          batchItemFailures: Records.slice(index).map(({ messageId: itemIdentifier }) => ({
            itemIdentifier,
          })),
        };
      }
    }
    return { batchItemFailures: [] };
  };
}

async function deliver(delivery: Delivery, { webhooks, sign, post, clock, log, warn }: Ports): Promise<void> {
  const { webhook: name, id, body } = delivery;
  const webhook = webhooks.find((known) => known.name === name);
  // Taken out of the configuration while this waited: nobody is there to be told.
  if (!webhook) return warn({ webhook: name, eventId: id, because: 'the webhook is no longer configured' });
  const status = await post(webhook, await sign(delivery, clock()), body);
  if (status < 200 || status > 299) throw new NotTaken(name, status);
  log({ webhook: name, eventId: id, status });
}

/** A webhook answered, and did not take it. */
class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(webhook: string, status: number) {
    super(`${webhook} answered ${status}`);
  }
}

/** What went wrong, cut: it can quote what a name resolved to, and nothing secret. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown').slice(0, 200);
