import type { LogSink } from './functions/log-sink.ts';

const SIGN_HEADS = 'postern-sign-heads';
const INTERVAL_MS = 60_000;

/** Signs where the audit chains end, as the schedule does on AWS. Answers what ends it. */
export function signAtIntervals(
  invoke: (functionName: string, event: unknown) => Promise<unknown>,
  logs: LogSink,
): () => void {
  async function signHeads(): Promise<void> {
    try {
      await invoke(SIGN_HEADS, { 'detail-type': 'Scheduled Event' });
    } catch (error) {
      // The next time finds again what this one found.
      logs.add({
        functionName: SIGN_HEADS,
        loggedAtMs: Date.now(),
        text: `heads not signed: ${String(error)}`,
      });
    }
  }

  const signing = setInterval(() => void signHeads(), INTERVAL_MS).unref();
  return () => clearInterval(signing);
}
