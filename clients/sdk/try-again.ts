import { setTimeout as sleep } from 'node:timers/promises';
import { PosternError } from './postern-error.ts';

export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;

export const pauseFor: Pause = (milliseconds, signal) =>
  sleep(milliseconds, undefined, signal ? { signal } : {});

const PASSING = [
  'broker_unreachable',
  'claim_in_progress',
  'unavailable',
  'subject_keys_unavailable',
  'token_keys_unavailable',
];

/**
 * Runs a call that is safe to repeat, again for as long as its failure may pass: nothing came back, or the
 * broker says to try later. Every other error is thrown as it is.
 */
export async function tryAgain<T>(
  run: () => Promise<T>,
  { attempts, pause, signal }: { attempts: number; pause: Pause; signal?: AbortSignal | undefined },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const passing = error instanceof PosternError && PASSING.includes(error.code);
      if (!passing || attempt >= attempts) throw error;
      await pause((error.retryAfterSeconds ?? 1) * 1_000, signal);
    }
  }
}
