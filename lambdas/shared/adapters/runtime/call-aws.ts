import { DependencyUnavailable } from '../../domain/errors.ts';

/** Why a part of a transaction did not hold, or met another write of the same item. */
const LOST_IN_TRANSACTION = ['ConditionalCheckFailed', 'TransactionConflict'];

/**
 * True where a conditional write lost its race, one in a transaction too; every other failure is somebody else's to
 * retry.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function isConditionFailed(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ConditionalCheckFailedException' || error.name === 'TransactionConflictException')
    return true;
  if (error.name !== 'TransactionCanceledException') return false;
  const { CancellationReasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  return CancellationReasons.some(({ Code }) => Code !== undefined && LOST_IN_TRANSACTION.includes(Code));
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
