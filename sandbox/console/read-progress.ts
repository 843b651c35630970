/** As much of a history event as is read. `timestamp` is in seconds. */
export type HistoryEvent = {
  readonly id: number;
  readonly type: string;
  readonly timestamp: number;
  readonly stateEnteredEventDetails?: { readonly name: string; readonly input?: string };
  readonly stateExitedEventDetails?: { readonly name: string; readonly output?: string };
  readonly [details: string]: unknown;
};

export type StateMark = 'done' | 'now' | 'failed';
export type Step = {
  readonly name: string;
  readonly enteredAt: number;
  readonly leftAt?: number;
  readonly input: string | undefined;
  readonly output?: string | undefined;
};
/** How far an execution is, read from its history. */
export type Progress = {
  readonly steps: readonly Step[];
  /** The states entered, in order. */
  readonly path: readonly string[];
  /** Pairs of states that followed each other. */
  readonly taken: readonly (readonly [string, string])[];
  /** Of each state that was entered: whether it is done with, is where the execution is, or ended it. */
  readonly marks: ReadonlyMap<string, StateMark>;
  /** Where it is, while it runs. */
  readonly now?: string;
};

/** Steps from the events: a state that was entered and not left is where it is, or where it ended. */
export function readProgress(events: readonly HistoryEvent[], isRunning: boolean): Progress {
  const steps: Step[] = [];
  for (const { timestamp, stateEnteredEventDetails: entered, stateExitedEventDetails: left } of events) {
    if (entered) steps.push({ name: entered.name, enteredAt: timestamp, input: entered.input });
    const last = steps.at(-1);
    if (left && last?.name === left.name) {
      steps[steps.length - 1] = { ...last, leftAt: timestamp, output: left.output };
    }
  }
  const path = steps.map(({ name }) => name);
  const marks = new Map<string, StateMark>(path.map((name) => [name, 'done']));
  const last = steps.at(-1);
  const isOpen = last !== undefined && last.leftAt === undefined;
  if (isOpen) marks.set(last.name, isRunning ? 'now' : 'failed');
  return {
    steps,
    path,
    taken: path.slice(1).map((to, index) => [path[index] ?? '', to] as const),
    marks,
    ...(isOpen && isRunning && { now: last.name }),
  };
}
