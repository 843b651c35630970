import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Room } from '../make-room.ts';

/** A message as it waits in a queue. Times in milliseconds since 1970. */
export type Message = {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly groupId?: string;
  readonly sentAt: number;
  readonly sender: string;
  visibleAt: number;
  receipt: string;
  receives: number;
  firstReceivedAt?: number;
};

type NewMessage = Pick<Message, 'body' | 'attributes' | 'groupId' | 'sender'> & { delaySeconds: number };

/** How long a FIFO queue takes no second message of one deduplication id. */
const DEDUPLICATED_MS = 5 * 60_000;

export type Queue = ReturnType<typeof makeQueue>;

/**
 * A queue in memory. Of a FIFO queue's group nothing more is received while a message of it is in flight.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export function makeQueue(name: string, room: Room) {
  let messages: Message[] = [];
  const sentIds = new Map<string, { id: string; sentAt: number }>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  const isFifo = name.endsWith('.fifo');

  function receivable(now: number): Message[] {
    if (!isFifo) return messages.filter(({ visibleAt }) => visibleAt <= now);
    const held = new Set<string | undefined>();
    return messages.filter(({ groupId, visibleAt }) => {
      if (visibleAt > now) held.add(groupId);
      return !held.has(groupId);
    });
  }

  function receive(most: number, visibilitySeconds: number): Message[] {
    const now = Date.now();
    return receivable(now)
      .slice(0, most)
      .map((message) => {
        message.visibleAt = now + visibilitySeconds * 1000;
        message.receipt = randomUUID();
        message.receives += 1;
        message.firstReceivedAt ??= now;
        return { ...message };
      });
  }

  return {
    name,
    isFifo,
    createdAt: Date.now(),
    /** Adds a message, unless its like was sent before under the same deduplication id; answers its id. */
    send({ delaySeconds, ...message }: NewMessage, deduplicationId?: string): string {
      const now = Date.now();
      for (const [key, { sentAt }] of sentIds) if (sentAt < now - DEDUPLICATED_MS) sentIds.delete(key);
      const before = deduplicationId === undefined ? undefined : sentIds.get(deduplicationId);
      if (before) return before.id;
      room.take(message.body.length);
      const id = randomUUID();
      if (deduplicationId !== undefined) sentIds.set(deduplicationId, { id, sentAt: now });
      const visibleAt = now + delaySeconds * 1000;
      messages.push({ ...message, id, sentAt: now, visibleAt, receipt: '', receives: 0 });
      arrivals.emit('message');
      return id;
    },
    /** Messages that nobody has in flight, at most so many; waits so long for a first one. */
    async receive(most: number, visibilitySeconds: number, waitSeconds: number): Promise<Message[]> {
      const found = receive(most, visibilitySeconds);
      if (found.length > 0 || waitSeconds === 0) return found;
      const signal = AbortSignal.timeout(waitSeconds * 1000);
      await once(arrivals, 'message', { signal }).catch(() => undefined);
      return receive(most, visibilitySeconds);
    },
    /** Whether a receipt is of a message that is still there; hides that message for so long from now. */
    hide(receipt: string, seconds: number): boolean {
      const message = messages.find((each) => each.receipt === receipt && receipt !== '');
      if (message) message.visibleAt = Date.now() + seconds * 1000;
      return message !== undefined;
    },
    /** A receipt of a message that is gone already is as good as any. */
    remove(receipt: string): void {
      const message = messages.find((each) => each.receipt === receipt && receipt !== '');
      if (!message) return;
      room.give(message.body.length);
      messages = messages.filter((each) => each !== message);
      // What is behind it in its group can be received now.
      arrivals.emit('message');
    },
    purge(): void {
      for (const { body } of messages) room.give(body.length);
      messages = [];
    },
    counts() {
      const now = Date.now();
      const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
      const delayed = hidden.filter(({ receives }) => receives === 0).length;
      return { visible: messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
    },
  };
}
