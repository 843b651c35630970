import { randomUUID } from 'node:crypto';
import { exitError, timeoutError } from './function-error.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { LogSink } from './log-sink.ts';
import { type FunctionThread, spawnThread } from './spawn-thread.ts';

/** A thread and the number of invocations it works on. */
type Slot = { thread: FunctionThread; busy: number; retired: boolean };

/**
 * A Lambda function as one worker thread, started at its first invocation or by `warm`. Unlike on Lambda,
 * invocations that overlap share the thread. A thread that crashed is replaced at the next invocation, and so
 * is one in which an invocation timed out; the latter first answers what else it works on.
 */
export function startFunction(spec: FunctionSpec, logs: LogSink, aheadMs?: SharedArrayBuffer) {
  const slots = new Set<Slot>();
  let current: Slot | undefined;
  let closed = false;

  function slot(): Slot {
    if (current) return current;
    const made: Slot = { thread: spawnThread(spec, logs, aheadMs), busy: 0, retired: false };
    current = made;
    slots.add(made);
    void made.thread.gone.then(() => {
      slots.delete(made);
      if (current === made) current = undefined;
    });
    return made;
  }

  async function timed<T>(id: string, used: Slot, work: Promise<T>): Promise<T> {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      used.retired = true;
      if (current === used) current = undefined;
      reject(timeoutError(id, spec.timeoutSeconds));
    }, spec.timeoutSeconds * 1000);
    return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
  }

  return {
    spec,
    /** Starts the thread before it is needed; resolves when the handler is loaded. */
    async warm(): Promise<void> {
      if (!closed) await slot().thread.ready;
    },

    /**
     * Runs the handler on a JSON event; answers its result. Throws FunctionError, or the signal's reason where
     * it aborts before the handler has begun.
     */
    async invoke(event: unknown, signal?: AbortSignal): Promise<unknown> {
      const id = randomUUID();
      if (closed) throw exitError(id, 'the sandbox is closed');
      const used = slot();
      used.busy += 1;
      try {
        // Loading the module is Lambda's init phase: it does not count against the timeout.
        await used.thread.ready;
        signal?.throwIfAborted();
        const deadline = Date.now() + spec.timeoutSeconds * 1000;
        const call = used.thread.call({ id, event: JSON.stringify(event ?? null), deadline });
        return JSON.parse(await timed(id, used, call));
      } finally {
        used.busy -= 1;
        if (used.retired && used.busy === 0) void used.thread.terminate();
      }
    },

    async close(): Promise<void> {
      closed = true;
      await Promise.all([...slots].map(({ thread }) => thread.terminate()));
    },
  };
}
