/**
 * Set while this process resolves who it is. AWS tools start a `credential_process` in the environment that they
 * have, so a child that finds it was started by the very look-up that it would begin.
 */
const MARKER = 'POSTERN_RESOLVING_IDENTITY';

let running = 0;

/** Whether another process, which is resolving its own identity, started this one. */
export const isStartedByLookUp = (env: NodeJS.ProcessEnv = process.env): boolean =>
  Boolean(env[MARKER]) && env[MARKER] !== String(process.pid);

/** Runs a look-up of credentials, marked so that what it starts can see whom it was started by. */
export async function markLookUp<T>(lookUp: () => Promise<T>): Promise<T> {
  running += 1;
  process.env[MARKER] = String(process.pid);
  try {
    return await lookUp();
  } finally {
    running -= 1;
    if (running === 0) delete process.env[MARKER];
  }
}
