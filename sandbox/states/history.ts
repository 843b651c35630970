/** One event of an execution, with its details under the name AWS gives them. Times in milliseconds. */
export type HistoryEvent = {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: string;
  /** `taskScheduledEventDetails`, say, with its content. Absent for events that have none. */
  details?: { name: string; content: Record<string, unknown> };
};

export type History = {
  readonly events: readonly HistoryEvent[];
  add(type: string, content?: Record<string, unknown>, timestamp?: number): void;
};

/** Keeps the events of one execution in order, numbered from 1, each pointing at the one it follows. */
export function createHistory(earlier: readonly HistoryEvent[] = []): History {
  const events = [...earlier];
  return {
    events,
    add(type, content, timestamp = Date.now()) {
      const id = events.length + 1;
      events.push({
        id,
        // The first state's event follows none, as on AWS: ExecutionStarted is not its predecessor.
        previousEventId: id <= 2 ? 0 : id - 1,
        timestamp,
        type,
        ...(content && { details: { name: detailsNameOf(type), content } }),
      });
    },
  };
}

/** The field an event's details stand under: `TaskStateEntered` has `stateEnteredEventDetails`. */
function detailsNameOf(type: string): string {
  const kind = /State(Entered|Exited)$/.exec(type);
  const name = kind ? `State${kind[1]}` : type;
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`;
}

const EXECUTION_DATA = ['input', 'output', 'parameters'];

/** An event as GetExecutionHistory answers it; without execution data its inputs and outputs are left out. */
export function toAwsEvent(event: HistoryEvent, includeExecutionData: boolean): Record<string, unknown> {
  const { details, timestamp, ...rest } = event;
  const content = Object.entries(details?.content ?? {}).flatMap(([key, value]) => {
    if (!EXECUTION_DATA.includes(key)) return [[key, value]];
    if (!includeExecutionData) return [];
    return key === 'parameters'
      ? [[key, value]]
      : [
          [key, value],
          [`${key}Details`, { truncated: false }],
        ];
  });
  return {
    ...rest,
    timestamp: timestamp / 1000,
    ...(details && { [details.name]: Object.fromEntries(content) }),
  };
}
