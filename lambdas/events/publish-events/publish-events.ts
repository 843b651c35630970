import * as z from 'zod';
import { requestIdSchema } from '../../shared/domain/access-request.ts';
import { kindOf } from '../../shared/domain/events/event-message.ts';
import type { Delivery, Webhook } from '../../shared/domain/events/webhook.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import { isAsked, type Wording } from '../../shared/messages/message-content.ts';
import { eventOfRow, type RequestEvent } from './event-of-row.ts';

/** As much of the bus's event as is believed: which request. How it stands is read from its row. */
const eventSchema = z.object({
  'detail-type': z.literal('Request status'),
  detail: z.object({ requestId: requestIdSchema }),
});

type Ports = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  /** Which events were handed on. */
  readonly published: { has(eventId: string): Promise<boolean>; note(eventId: string): Promise<void> };
  readonly webhooks: readonly Webhook[];
  readonly queue: { add(requestId: string, deliveries: readonly Delivery[]): Promise<void> };
  /** Tells the topic, where there is one. */
  readonly tellTopic: ((message: { id: string; type: string; body: string }) => Promise<void>) | undefined;
  readonly wording: () => Wording;
  readonly consoleUrl: string | undefined;
  /** Waits a moment: an approval for a window lets a request through as soon as people are asked. */
  readonly settle: () => Promise<void>;
  readonly log: (fields: Record<string, unknown>) => void;
};

/**
 * Hands on what happens to requests that people decide: to the topic, and to the queue for each webhook that is told
 * of it. Events of the bus come late, twice and out of order: what is told is how the row stands, once; where two do
 * so at the same time, both tell it by the same name. Throws where it could not be handed on, to be called again.
 */
export function makePublishEvents(ports: Ports) {
  return async (event: unknown): Promise<{ published: string | undefined }> => {
    const { requestId } = eventSchema.parse(event).detail;
    const seen = await readEvent(requestId, ports);
    if (!seen || (await ports.published.has(seen.id))) return { published: undefined };
    if (kindOf(seen.message) !== 'decided') await ports.settle();
    const current = kindOf(seen.message) === 'decided' ? seen : await readEvent(requestId, ports);
    // What came instead has an event of its own on the bus.
    if (current?.id !== seen.id) return { published: undefined };
    await handOn(requestId, current, ports);
    await ports.published.note(current.id);
    ports.log({ requestId, eventId: current.id, type: current.message.type });
    return { published: current.id };
  };
}

async function readEvent(requestId: string, ports: Ports): Promise<RequestEvent | undefined> {
  const row = await ports.requests.get(requestId);
  if (!isAsked(row)) return undefined;
  return eventOfRow(row, { wording: ports.wording(), consoleUrl: ports.consoleUrl });
}

async function handOn(requestId: string, { id, message }: RequestEvent, ports: Ports): Promise<void> {
  const kind = kindOf(message);
  const body = JSON.stringify(message);
  const told = ports.webhooks.filter(({ events }) => !events || events.includes(kind));
  await Promise.all([
    ports.tellTopic?.({ id, type: message.type, body }),
    told.length > 0 &&
      ports.queue.add(
        requestId,
        told.map(({ name }) => ({ webhook: name, id, body })),
      ),
  ]);
}
