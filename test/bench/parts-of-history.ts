import type { HistoryEvent } from '@aws-sdk/client-sfn';

/**
 * Milliseconds each state of one execution took, from entered to exited. AwaitClaim's is mostly its caller's
 * time: until the claim comes.
 */
export function partsOf(events: readonly HistoryEvent[]): [string, number][] {
  const entered = new Map<string, number>();
  return events.flatMap((event): [string, number][] => {
    const time = event.timestamp?.getTime() ?? 0;
    const into = event.stateEnteredEventDetails?.name;
    if (into) entered.set(into, time);
    const from = event.stateExitedEventDetails?.name;
    return from ? [[from, time - (entered.get(from) ?? time)]] : [];
  });
}
