/** Every copy of a value that lacks one element of a list, or one field, somewhere in it. */
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, item] of value.entries())
      for (const less of smaller(item)) yield value.with(index, less);
  } else if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value);
    for (const [key] of fields) yield Object.fromEntries(fields.filter(([other]) => other !== key));
    for (const [key, item] of fields) for (const less of smaller(item)) yield { ...value, [key]: less };
  }
}

/**
 * The smallest case, by leaving out one thing after the other, that still fails. What fast-check shrinks would stay
 * as wide as the first value it was chained from.
 */
export async function shrink<T>(failing: T, fails: (candidate: T) => Promise<boolean>): Promise<T> {
  for (const candidate of smaller(failing)) {
    if (await fails(candidate as T)) return shrink(candidate as T, fails);
  }
  return failing;
}
