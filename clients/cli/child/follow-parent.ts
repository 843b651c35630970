const LOOK_EVERY_MS = 1_000;

/**
 * A signal that is aborted with `signal`, or once the process that started this one has gone: whoever waited for the
 * output was killed, and nobody would take it.
 */
export function followParent(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) gone.abort();
  }, LOOK_EVERY_MS);
  timer.unref();
  return AbortSignal.any([signal, gone.signal]);
}
