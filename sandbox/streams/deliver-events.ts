import { setTimeout as pause } from 'node:timers/promises';

/** Lambda tries an asynchronous invocation three times in all. */
const ATTEMPTS = 3;
const PAUSE_MS = 200;

type EventDelivery<Event> = {
  notify(event: Event): void;
  /** Resolves once every event given so far is delivered or given up. */
  settled(): Promise<void>;
};

/**
 * Delivers events to functions as EventBridge does: beside whatever made them, and again where a function
 * fails. `onGivenUp` hears of an event that failed for good.
 */
export function createEventDelivery<Event>(
  deliver: (event: Event) => Promise<unknown>,
  onGivenUp: (event: Event, error: unknown) => void,
): EventDelivery<Event> {
  const underWay = new Set<Promise<void>>();

  async function attempt(event: Event, left: number): Promise<void> {
    try {
      await deliver(event);
    } catch (error) {
      if (left === 1) return onGivenUp(event, error);
      await pause(PAUSE_MS);
      await attempt(event, left - 1);
    }
  }

  return {
    notify(event) {
      const delivery = attempt(event, ATTEMPTS).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
