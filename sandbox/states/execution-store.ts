import type { Execution } from './execution.ts';

/** Closed executions whose history is kept; a state machine on AWS keeps 90 days of them. */
const MOST_CLOSED = 1000;

/** The executions of this process, newest last. They live in memory: on a restart none is left. */
export function createExecutionStore(mostClosed = MOST_CLOSED) {
  const byArn = new Map<string, Execution>();
  return {
    find: (arn: string): Execution | undefined => byArn.get(arn),
    /** Newest first. */
    list: (): Execution[] => [...byArn.values()].reverse(),
    /** Adds one, and forgets the oldest closed ones beyond the number that is kept. */
    add(execution: Execution): void {
      byArn.set(execution.arn, execution);
      let surplus = byArn.size - mostClosed;
      for (const [arn, { end }] of byArn) {
        if (surplus <= 0) return;
        if (!end) continue;
        byArn.delete(arn);
        surplus -= 1;
      }
    },
  };
}
