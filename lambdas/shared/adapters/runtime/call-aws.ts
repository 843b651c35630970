import { DependencyUnavailable } from '../../domain/errors.ts';

/** True where a conditional write lost its race; every other failure is somebody else's to retry. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

/**
 * Runs one AWS call. A failed condition passes through, for the caller to decide on; any other error becomes
 * `DependencyUnavailable`, which names the service and the error's code but never its message: a message can
 * quote the input.
 */
export async function callAws<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isConditionFailed(error)) throw error;
    const code = error instanceof Error ? error.name : 'unknown error';
    throw new DependencyUnavailable(`${service}: ${code}`, { cause: error });
  }
}

/** Runs a conditional write: true where it was made, false where its condition did not hold. */
export async function tryWrite(service: string, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await callAws(service, write);
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

type Page = { readonly Items?: readonly Record<string, unknown>[] | undefined };

/** The items of a read that takes several pages, one page at a time. Fails as `callAws` does. */
export async function* itemsIn(
  service: string,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Record<string, unknown>> {
  const reading = pages[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await callAws(service, () => reading.next());
    if (done) return;
    yield* value.Items ?? [];
  }
}
