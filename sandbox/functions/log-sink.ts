/** One line that a function wrote to its standard output or error. */
export type LogLine = { functionName: string; loggedAtMs: number; text: string };

export type LogSink = ReturnType<typeof createLogSink>;

/** Lines kept; older ones are dropped. */
const MOST_LINES = 100_000;

/** All that functions print, in order, as CloudWatch Logs would keep it. */
export function createLogSink(onLine?: (line: LogLine) => void) {
  const lines: LogLine[] = [];
  return {
    lines: lines as readonly LogLine[],
    /** Everything as one text, to be searched. */
    text: (): string => lines.map((line) => line.text).join('\n'),
    add(line: LogLine): void {
      lines.push(line);
      if (lines.length > MOST_LINES) lines.splice(0, lines.length - MOST_LINES);
      onLine?.(line);
    },
  };
}
