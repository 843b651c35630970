import type { LogSink } from './functions/log-sink.ts';

/** Functions that a schedule calls on AWS, and what they do. */
const SCHEDULED = {
  'postern-sign-heads': 'heads not signed',
  'postern-run-access-reviews': 'access reviews not run',
} as const;
const INTERVAL_MS = 60_000;

/** Calls what schedules call on AWS: signs where the audit chains end, and runs access reviews. Answers what ends it. */
export function runSchedules(
  invoke: (functionName: string, event: unknown) => Promise<unknown>,
  logs: LogSink,
): () => void {
  async function run(functionName: string, failed: string): Promise<void> {
    try {
      await invoke(functionName, { 'detail-type': 'Scheduled Event' });
    } catch (error) {
      // The next time finds again what this one found.
      logs.add({ functionName, loggedAtMs: Date.now(), text: `${failed}: ${String(error)}` });
    }
  }

  const timers = Object.entries(SCHEDULED).map(([functionName, failed]) =>
    setInterval(() => void run(functionName, failed), INTERVAL_MS).unref(),
  );
  return () => timers.forEach(clearInterval);
}
