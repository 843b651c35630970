import { setTimeout as pause } from 'node:timers/promises';
import type { StatusEvent } from './status-event.ts';

/** Lambda tries an asynchronous invocation three times in all. */
const ATTEMPTS = 3;
const PAUSE_MS = 200;

export type ClosedNotifier = {
  notify(event: StatusEvent): void;
  /** Resolves once every event given so far is delivered or given up. */
  settled(): Promise<void>;
};

/**
 * Delivers status events to a function as EventBridge does: beside the workflow, and again where the function
 * fails. `onGivenUp` hears of an event that failed for good.
 */
export function createClosedNotifier(
  deliver: (event: StatusEvent) => Promise<unknown>,
  onGivenUp: (event: StatusEvent, error: unknown) => void,
): ClosedNotifier {
  const underWay = new Set<Promise<void>>();

  async function attempt(event: StatusEvent, left: number): Promise<void> {
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
