/** Milliseconds: the middle, the slow end, and how many were measured. */
export type Figure = { readonly p50: number; readonly p95: number; readonly n: number };

const round = (ms: number) => Math.round(ms * 1000) / 1000;

export function figureOf(samples: readonly number[]): Figure {
  const sorted = [...samples].sort((left, right) => left - right);
  const valueAt = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: valueAt(0.5), p95: valueAt(0.95), n: sorted.length };
}

/** Runs a task `n` times, `concurrency` at once, and answers what each took. */
export async function measure(
  n: number,
  concurrency: number,
  task: () => Promise<unknown>,
): Promise<number[]> {
  const samples: number[] = [];
  let left = n;
  const work = async () => {
    while (left-- > 0) {
      const startedAt = performance.now();
      await task();
      samples.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return samples;
}
