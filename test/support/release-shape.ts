/** The paths of a value's fields, each once, with lists as `[]`: what it looks like, whatever it says. */
export function shapeOf(value: unknown, path = '$'): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...shapeOf(item, `${path}[]`)]));
  if (value === null || typeof value !== 'object') return new Set([path]);
  return new Set(Object.entries(value).flatMap(([key, inner]) => [...shapeOf(inner, `${path}.${key}`)]));
}
