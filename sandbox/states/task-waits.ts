import { randomBytes } from 'node:crypto';
import { type StartTimer, startLongTimer } from './long-timer.ts';
import { TaskError, TaskTimeout } from './task-error.ts';

/** 384 random bytes: as long as a token of AWS is, and not to be guessed. */
const TOKEN_BYTES = 384;
const TOKEN_FORM = /^[A-Za-z0-9+/]{512}$/;

/** What a token stands for: nothing known, no form of a token, a wait that is over, or one that is open. */
type TokenState = 'invalid' | 'unknown' | 'closed' | 'open';

export type TaskWaits = ReturnType<typeof createTaskWaits>;
type Wait = { settle(outcome: { output: string } | TaskError): void };

/**
 * The task tokens of a state machine and the waits they end. A token is made for one entry of one state, ends
 * that wait once, and is dead from then on: completed, failed, timed out and cancelled look the same.
 */
export function createTaskWaits(startTimer: StartTimer = startLongTimer) {
  const open = new Map<string, Wait>();
  // A closed wait answers TaskTimedOut, not TaskDoesNotExist; the token itself need not be kept for that.
  const closed = new Set<string>();

  function stateOf(token: string): TokenState {
    if (open.has(token)) return 'open';
    if (closed.has(token)) return 'closed';
    return TOKEN_FORM.test(token) ? 'unknown' : 'invalid';
  }

  return {
    stateOf,
    /** A fresh token; it opens nothing until {@link wait} is called with it. */
    newToken: (): string => randomBytes(TOKEN_BYTES).toString('base64'),

    /**
     * Opens the wait of a token. Answers the output JSON it was completed with; throws TaskError where it was
     * failed, TaskTimeout after `timeoutMs`, and the signal's reason once that aborts.
     */
    async wait(token: string, timeoutMs: number, signal: AbortSignal): Promise<string> {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const settle: Wait['settle'] = (outcome) =>
        outcome instanceof TaskError ? reject(outcome) : resolve(outcome.output);
      open.set(token, { settle });
      const timer = startTimer(timeoutMs, () => settle(new TaskTimeout()));
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      try {
        return await promise;
      } finally {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        open.delete(token);
        closed.add(token);
      }
    },

    /** Ends an open wait; false where there is none. Closes the token at once, so that a second call finds none. */
    end(token: string, outcome: { output: string } | TaskError): boolean {
      const wait = open.get(token);
      if (!wait) return false;
      open.delete(token);
      closed.add(token);
      wait.settle(outcome);
      return true;
    },
  };
}
